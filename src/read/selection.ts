import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { createParameterDecorator, type ParameterDecorator } from 'type-graphql';
import type { Context } from '../graphql/server/context.ts';

/** The fields asked for below a field, by name (not alias), each with what is asked for below it. */
export class Selection extends Map<string, Selection> {
  /** The nodes that ask for the field itself, under whichever names. */
  readonly fieldNodes: FieldNode[] = [];
  /** Spread here already: one that is spread again adds nothing, and may be spread 2^30 times. */
  readonly fragments = new Set<string>();
}

/** Parameter decorator: what the operation selects below the field that is being resolved, or at a path below that. */
export function Selected(...path: string[]): ParameterDecorator {
  return createParameterDecorator<Context>(({ info }) => selectionAt(selectionOf(info), ...path));
}

/** The selection at a path below `selection`, empty where nothing was asked for. */
export function selectionAt(selection: Selection, ...path: string[]): Selection {
  return path.reduce<Selection>((at, name) => at.get(name) ?? new Selection(), selection);
}

/** What a connection's selection asks of each record, be it below `nodes` or below `edges`. */
export function recordSelection(connection: Selection): Selection {
  return merged(selectionAt(connection, 'nodes'), selectionAt(connection, 'edges', 'node'));
}

function merged(one: Selection, other: Selection): Selection {
  if (one.size === 0) return other;
  if (other.size === 0) return one;
  const both = new Selection(one);
  both.fieldNodes.push(...one.fieldNodes, ...other.fieldNodes);
  for (const [name, below] of other) both.set(name, merged(both.get(name) ?? new Selection(), below));
  return both;
}

/** The selection with these fields besides. */
export function withFields(selection: Selection, ...names: string[]): Selection {
  return new Selection([...names.map((name): [string, Selection] => [name, new Selection()]), ...selection]);
}

type Selecting = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** By the nodes that select a field, then by the request's variables where they have a say, else by `always`. */
const known = new WeakMap<GraphQLResolveInfo['fieldNodes'], WeakMap<object, Selection>>();
const always = {};

/**
 * Merges fields, aliases and fragments; what @skip and @include leave out is left out. Fields of a fragment on another
 * type are listed too: who reads columns by this takes the names that it knows. The same object for each record of a
 * list.
 */
export function selectionOf(info: Selecting): Selection {
  const { fieldNodes, variableValues } = info;
  const byVariables = known.get(fieldNodes) ?? new WeakMap<object, Selection>();
  const existing = byVariables.get(always) ?? byVariables.get(variableValues);
  if (existing) return existing;
  const selection = new Selection();
  const walk: Walk = { info, hasDirectives: false };
  for (const node of fieldNodes) collect(node, selection, walk);
  known.set(fieldNodes, byVariables.set(walk.hasDirectives ? variableValues : always, selection));
  return selection;
}

interface Walk {
  readonly info: Selecting;
  hasDirectives: boolean;
}

function collect(node: { selectionSet?: SelectionSetNode }, into: Selection, walk: Walk): void {
  for (const child of node.selectionSet?.selections ?? []) {
    if (isLeftOut(child, walk)) continue;
    if (child.kind === 'InlineFragment') {
      collect(child, into, walk);
    } else if (child.kind === 'Field') {
      const below = into.get(child.name.value) ?? new Selection();
      into.set(child.name.value, below);
      below.fieldNodes.push(child);
      collect(child, below, walk);
    } else if (!into.fragments.has(child.name.value)) {
      into.fragments.add(child.name.value);
      collect(walk.info.fragments[child.name.value] ?? {}, into, walk);
    }
  }
}

function isLeftOut(node: SelectionNode, walk: Walk): boolean {
  if (!node.directives?.length) return false;
  walk.hasDirectives = true;
  const { variableValues } = walk.info;
  const isSkipped = getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true;
  return isSkipped || getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if === false;
}
