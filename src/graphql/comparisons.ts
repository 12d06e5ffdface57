import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Sets = readonly (SelectionSetNode | undefined)[];

/** Of the time that a pair of other fields takes: fields without arguments and selections, and fragments. Measured. */
const leafPair = 1 / 40;
const fragmentPair = 1 / 5;

/** Past either, no more is counted: fragments may multiply fields, and lead back to themselves. No operation is as deep. */
const maximumVisits = 2_000;
const maximumDepth = 30;

/**
 * How many comparisons validation makes to find out whether fields can be merged (GraphQL 5.3.2): it compares each pair of
 * fields that answer to one name at one place, and each pair of fragments that are spread there.
 * @returns more than `atMost` where there are more, or where the document multiplies too much to tell
 */
export function comparisonsOf({ definitions }: DocumentNode, atMost: number): number {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const counter = new Counter(new Map(fragments.map((fragment) => [fragment.name.value, fragment])), atMost);
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  for (const { selectionSet } of operations) counter.addSets([selectionSet], 0);
  for (const { name, selectionSet } of fragments) {
    if (!counter.reached.has(name.value)) counter.addSets([selectionSet], 0);
  }
  return counter.count;
}

/** What is selected at one place of the answer. */
interface Place {
  readonly fields: Map<string, FieldNode[]>;
  readonly spread: Set<string>;
  /** Fragments are compared, with what they spread themselves, where more than one is spread. */
  comparesFragments: boolean;
}

class Counter {
  count = 0;
  readonly reached = new Set<string>();
  #visits = 0;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #atMost: number;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, atMost: number) {
    this.#fragments = fragments;
    this.#atMost = atMost;
  }

  /** Of selection sets that are merged to one. */
  addSets(sets: Sets, depth: number): void {
    const place: Place = { fields: new Map(), spread: new Set(), comparesFragments: spreadsSeveral(sets) };
    for (const set of sets) this.#collect(set?.selections ?? [], place);
    if (place.comparesFragments) this.count += pairs(place.spread.size) * fragmentPair;
    for (const same of place.fields.values()) this.#addFields(same, depth + 1);
  }

  #addFields(fields: readonly FieldNode[], depth: number): void {
    if (this.count > this.#atMost || depth > maximumDepth) return;
    this.count += pairs(fields.length) * (fields.every((field) => isSameLeaf(field, fields[0])) ? leafPair : 1);
    const sets = fields.map(({ selectionSet }) => selectionSet);
    if (sets.some((set) => set !== undefined)) this.addSets(sets, depth);
  }

  #collect(selections: readonly SelectionNode[], place: Place): void {
    for (const selection of selections) {
      this.#visits += 1;
      if (this.#visits > maximumVisits) this.count = Number.POSITIVE_INFINITY;
      if (this.count > this.#atMost) return;
      if (selection.kind === Kind.FIELD) addField(selection, place);
      else if (selection.kind === Kind.INLINE_FRAGMENT) this.#collect(selection.selectionSet.selections, place);
      else this.#spread(selection.name.value, place);
    }
  }

  #spread(name: string, place: Place): void {
    if (place.spread.has(name)) return;
    place.spread.add(name);
    this.reached.add(name);
    const set = this.#fragments.get(name)?.selectionSet;
    place.comparesFragments ||= spreadsSeveral([set]);
    this.#collect(set?.selections ?? [], place);
  }
}

function addField(field: FieldNode, { fields }: Place): void {
  const name = field.alias?.value ?? field.name.value;
  const same = fields.get(name);
  if (same) same.push(field);
  else fields.set(name, [field]);
}

function spreadsSeveral(sets: Sets): boolean {
  let first: string | undefined;
  const isAnother = (node: SelectionNode): boolean => {
    if (node.kind === Kind.FIELD) return false;
    if (node.kind === Kind.INLINE_FRAGMENT) return node.selectionSet.selections.some(isAnother);
    first ??= node.name.value;
    return node.name.value !== first;
  };
  return sets.some((set) => set?.selections.some(isAnother));
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2;
}

function isSameLeaf(field: FieldNode, other: FieldNode | undefined): boolean {
  return field.name.value === other?.name.value && !field.selectionSet && !field.arguments?.length;
}
