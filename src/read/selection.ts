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

/** The fields selected below a field, by name (not alias), each with its own selection. */
export class Selection extends Map<string, Selection> {
  /** The nodes that select the field itself, under any alias. */
  readonly fieldNodes: FieldNode[] = [];
  /** Fragments already merged here: spreading one again adds nothing, and a document may do so 2^30 times. */
  readonly fragments = new Set<string>();
}

/** Parameter decorator: the selection below the field that is being resolved, or at a path below it. */
export function Selected(...path: string[]): ParameterDecorator {
  return createParameterDecorator<Context>(({ info }) => selectionAt(selectionOf(info), ...path));
}

/** The selection at a path below `selection`, empty if nothing is selected there. */
export function selectionAt(selection: Selection, ...path: string[]): Selection {
  return path.reduce<Selection>((at, name) => at.get(name) ?? new Selection(), selection);
}

/** The selection on the records of a connection, below `nodes` and `edges { node }`. */
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

/** The selection with these fields added. */
export function withFields(selection: Selection, ...names: string[]): Selection {
  return new Selection([...names.map((name): [string, Selection] => [name, new Selection()]), ...selection]);
}

type Selecting = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/** By the nodes that select a field, then by the request's variables if directives use them, else by `always`. */
const known = new WeakMap<GraphQLResolveInfo['fieldNodes'], WeakMap<object, Selection>>();
const always = {};

/**
 * Merges fields, aliases and fragments, and applies @skip and @include. Includes the fields of fragments on other types:
 * readers pick the names they know. Returns the same object for each record of a list.
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
