import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { createParameterDecorator, type ParameterDecorator } from 'type-graphql';
import type { Context } from './context.ts';

/** The fields asked for below a field, by name (not alias), each with what is asked for below it. */
export interface Selection extends ReadonlyMap<string, Selection> {}

/** Parameter decorator: what the operation selects below the field that is being resolved. */
export function Selected(): ParameterDecorator {
  return createParameterDecorator<Context>(({ info }) => selectionOf(info));
}

/** The selection at a path below `selection`, empty where nothing was asked for. */
export function selectionAt(selection: Selection, ...path: string[]): Selection {
  return path.reduce<Selection>((at, name) => at.get(name) ?? new Map(), selection);
}

/** What a connection's selection asks of each record, be it below `nodes` or below `edges`. */
export function recordSelection(connection: Selection): Selection {
  return merged(selectionAt(connection, 'nodes'), selectionAt(connection, 'edges', 'node'));
}

function merged(one: Selection, other: Selection): Selection {
  if (one.size === 0) return other;
  const both = new Map(one);
  for (const [name, below] of other) both.set(name, merged(both.get(name) ?? new Map(), below));
  return both;
}

/** The selection with these fields besides. */
export function withFields(selection: Selection, ...names: string[]): Selection {
  return new Map([...names.map((name): [string, Selection] => [name, new Map()]), ...selection]);
}

/**
 * Merges fields, aliases and fragments; what @skip and @include leave out is left out. Fields of a fragment on another
 * type are listed too: who reads columns by this takes the names that it knows.
 */
function selectionOf(info: GraphQLResolveInfo): Selection {
  const selection = new MutableSelection();
  for (const node of info.fieldNodes) collect(node, selection, info);
  return selection;
}

class MutableSelection extends Map<string, MutableSelection> {
  readonly fragments = new Set<string>();
}

function collect(node: { selectionSet?: SelectionSetNode }, into: MutableSelection, info: GraphQLResolveInfo): void {
  for (const child of node.selectionSet?.selections ?? []) {
    if (isLeftOut(child, info)) continue;
    if (child.kind === 'Field') collectField(child, into, info);
    else if (child.kind === 'InlineFragment') collect(child, into, info);
    else collectFragment(child.name.value, into, info);
  }
}

/** Once for each selection: a fragment that is spread again adds nothing, and may be spread 2^30 times. */
function collectFragment(name: string, into: MutableSelection, info: GraphQLResolveInfo): void {
  if (into.fragments.has(name)) return;
  into.fragments.add(name);
  collect(fragmentOf(name, info), into, info);
}

function collectField(field: FieldNode, into: MutableSelection, info: GraphQLResolveInfo): void {
  const name = field.name.value;
  const below = into.get(name) ?? new MutableSelection();
  into.set(name, below);
  collect(field, below, info);
}

function fragmentOf(name: string, info: GraphQLResolveInfo): FragmentDefinitionNode {
  const fragment = info.fragments[name];
  if (!fragment) throw new Error('Validation lets no unknown fragment through.');
  return fragment;
}

function isLeftOut(node: SelectionNode, info: GraphQLResolveInfo): boolean {
  if (!node.directives?.length) return false;
  const isSkipped = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)?.if === true;
  const isIncluded = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)?.if !== false;
  return isSkipped || !isIncluded;
}
