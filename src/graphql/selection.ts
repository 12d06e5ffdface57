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

type Selecting = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

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
  if (other.size === 0) return one;
  const both = new Map(one);
  for (const [name, below] of other) both.set(name, merged(both.get(name) ?? new Map(), below));
  return both;
}

/** The selection with these fields besides. */
export function withFields(selection: Selection, ...names: string[]): Selection {
  return new Map([...names.map((name): [string, Selection] => [name, new Map()]), ...selection]);
}

/** By the nodes that select a field, then by the request's variables where they have a say, else by `always`. */
const known = new WeakMap<GraphQLResolveInfo['fieldNodes'], WeakMap<object, MutableSelection>>();
const always = {};

/**
 * Merges fields, aliases and fragments; what @skip and @include leave out is left out. Fields of a fragment on another
 * type are listed too: who reads columns by this takes the names that it knows. The same object for each record of a
 * list.
 */
export function selectionOf(info: Selecting): MutableSelection {
  const { fieldNodes, variableValues } = info;
  const byVariables = known.get(fieldNodes) ?? new WeakMap<object, MutableSelection>();
  const existing = byVariables.get(always) ?? byVariables.get(variableValues);
  if (existing) return existing;
  const walk = new Walk(info);
  const selection = new MutableSelection();
  for (const node of fieldNodes) walk.collect(node, selection);
  known.set(fieldNodes, byVariables.set(walk.hasDirectives ? variableValues : always, selection));
  return selection;
}

class MutableSelection extends Map<string, MutableSelection> {
  readonly fragments = new Set<string>();
}

class Walk {
  readonly #info: Selecting;
  hasDirectives = false;

  constructor(info: Selecting) {
    this.#info = info;
  }

  collect(node: { selectionSet?: SelectionSetNode }, into: MutableSelection): void {
    for (const child of node.selectionSet?.selections ?? []) {
      if (this.#isLeftOut(child)) continue;
      if (child.kind === 'Field') this.#collectField(child, into);
      else if (child.kind === 'InlineFragment') this.collect(child, into);
      else this.#collectFragment(child.name.value, into);
    }
  }

  /** Once for each selection: a fragment that is spread again adds nothing, and may be spread 2^30 times. */
  #collectFragment(name: string, into: MutableSelection): void {
    if (into.fragments.has(name)) return;
    into.fragments.add(name);
    this.collect(this.#fragmentOf(name), into);
  }

  #collectField(field: FieldNode, into: MutableSelection): void {
    const name = field.name.value;
    const below = into.get(name) ?? new MutableSelection();
    into.set(name, below);
    this.collect(field, below);
  }

  #fragmentOf(name: string): FragmentDefinitionNode {
    const fragment = this.#info.fragments[name];
    if (!fragment) throw new Error('Validation lets no unknown fragment through.');
    return fragment;
  }

  #isLeftOut(node: SelectionNode): boolean {
    if (!node.directives?.length) return false;
    this.hasDirectives = true;
    const { variableValues } = this.#info;
    const isSkipped = getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true;
    const isIncluded = getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if !== false;
    return isSkipped || !isIncluded;
  }
}
