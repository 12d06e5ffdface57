import { v7 as uuidv7 } from 'uuid';
import { mutation } from './input-mutation.ts';
import type { World } from './world.ts';

/** An id without a record. */
export const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';

export type Kind = 'task' | 'list' | 'label' | 'session' | 'event';
export type Call = (id: string, own: World) => [operation: string, variables: Record<string, unknown>];

function on(name: string, more: Record<string, unknown> = {}): Call {
  return (id) => mutation(name, { id, ...more });
}

export function query(field: string, variable = '$id: ID!'): Call {
  return (id) => [`query (${variable}) { ${field} }`, { id }];
}

/** A call for every argument or input field that takes an id, by root field and name. */
const calls: Record<Kind, Record<string, Call>> = {
  task: {
    'task.id': query('task(id: $id) { id title }'),
    'node.id': query('node(id: $id) { __typename id }'),
    'updateTask.id': on('updateTask', { title: 'stolen' }),
    'updateTask.id with a version': on('updateTask', { title: 'stolen', expectedVersion: 99 }),
    'updateTask.id with nothing to do': on('updateTask'),
    'completeTask.id': on('completeTask'),
    'reopenTask.id': on('reopenTask'),
    'moveTask.id': on('moveTask'),
    'moveTask.id to a place': (id, { mine }) => mutation('moveTask', { id, afterId: mine }),
    'moveTask.id to a list': (id, { myList }) => mutation('moveTask', { id, listId: myList }),
    'moveTask.parentId': (id, { mine }) => mutation('moveTask', { id: mine, parentId: id }),
    'moveTask.afterId': (id, { mine }) => mutation('moveTask', { id: mine, afterId: id }),
    'moveTask.beforeId': (id, { mine }) => mutation('moveTask', { id: mine, beforeId: id }),
    'updateTasks.ids': (id, { mine }) => mutation('updateTasks', { ids: [mine, id], set: { priority: 'HIGH' } }),
    'moveTasks.parentId': (id, { mine }) => mutation('moveTasks', { ids: [mine], parentId: id }),
    'moveTasks.afterId': (id, { mine }) => mutation('moveTasks', { ids: [mine], afterId: id }),
    'moveTasks.beforeId': (id, { mine }) => mutation('moveTasks', { ids: [mine], beforeId: id }),
    'createTask.parentId': (id) => mutation('createTask', { title: 'new', parentId: id }),
    'createTask.parentId with an id': (id) => mutation('createTask', { id: uuidv7(), title: 'new', parentId: id }),
    'createTasks.tasks.parentId': (id) => mutation('createTasks', { tasks: [{ title: 'new', parentId: id }] }),
    'deleteTask.id': on('deleteTask'),
    'deleteTask.id with a version': on('deleteTask', { expectedVersion: 99 }),
    'restoreTask.id': on('restoreTask'),
    'purgeTask.id': on('purgeTask'),
    ...Object.fromEntries(
      ['completeTasks', 'reopenTasks', 'deleteTasks', 'restoreTasks', 'moveTasks'].map((name): [string, Call] => [
        `${name}.ids`,
        (id, { mine }) => mutation(name, { ids: [mine, id] }),
      ]),
    ),
  },
  list: {
    'list.id': query('list(id: $id) { id name tasks { totalCount } }'),
    'node.id': query('node(id: $id) { __typename id ... on TaskList { tasks { totalCount } } }'),
    'tasks.filter.listId': query('tasks(filter: { listId: $id, trash: INCLUDE }) { totalCount nodes { id } }'),
    'createTask.listId': (id) => mutation('createTask', { title: 'new', listId: id }),
    'createTask.listId with an id': (id) => mutation('createTask', { id: uuidv7(), title: 'new', listId: id }),
    'createTasks.tasks.listId': (id) => mutation('createTasks', { tasks: [{ title: 'new', listId: id }] }),
    'moveTask.listId': (id, { mine }) => mutation('moveTask', { id: mine, listId: id }),
    'moveTasks.listId': (id, { mine }) => mutation('moveTasks', { ids: [mine], listId: id }),
    'updateList.id': on('updateList', { name: 'stolen' }),
    'updateList.id with a version': on('updateList', { name: 'stolen', expectedVersion: 99 }),
    'moveList.id': on('moveList'),
    'moveList.id to a place': (id, { myList }) => mutation('moveList', { id, beforeId: myList }),
    'moveList.afterId': (id, { myList }) => mutation('moveList', { id: myList, afterId: id }),
    'moveList.beforeId': (id, { myList }) => mutation('moveList', { id: myList, beforeId: id }),
    'deleteList.id': on('deleteList'),
    'restoreList.id': on('restoreList'),
    'purgeList.id': on('purgeList'),
  },
  label: {
    'label.id': query('label(id: $id) { id name }'),
    'node.id': query('node(id: $id) { __typename id ... on Label { name } }'),
    'tasks.filter.labelIds': query('tasks(filter: { labelIds: [$id], trash: INCLUDE }) { totalCount nodes { id } }'),
    'lists.tasks.filter.labelIds': query('lists { nodes { tasks(filter: { labelIds: [$id] }) { totalCount } } }'),
    'createTask.labelIds': (id, { label }) => mutation('createTask', { title: 'new', labelIds: [label.live, id] }),
    'createTasks.tasks.labelIds': (id) => mutation('createTasks', { tasks: [{ title: 'new', labelIds: [id] }] }),
    'updateTask.labelIds': (id, { mine }) => mutation('updateTask', { id: mine, labelIds: [id] }),
    'updateTask.addLabelIds': (id, { mine }) => mutation('updateTask', { id: mine, addLabelIds: [id] }),
    ...Object.fromEntries(
      ['addLabelIds', 'removeLabelIds'].map((name): [string, Call] => [
        `updateTasks.set.${name}`,
        (id, { mine }) => mutation('updateTasks', { ids: [mine], set: { [name]: [id] } }),
      ]),
    ),
    'updateTask.removeLabelIds': (id, { mine }) => mutation('updateTask', { id: mine, removeLabelIds: [id] }),
    'updateLabel.id': on('updateLabel', { name: 'stolen' }),
    'updateLabel.id with a version': on('updateLabel', { name: 'stolen', expectedVersion: 99 }),
    'deleteLabel.id': on('deleteLabel'),
  },
  session: {
    'node.id': query('node(id: $id) { __typename id ... on Session { ipAddress current } }'),
    'revokeSession.id': on('revokeSession'),
  },
  event: { 'node.id': query('node(id: $id) { __typename id ... on SecurityEvent { kind ipAddress } }') },
};
export const allCalls = (['task', 'list', 'label', 'session', 'event'] as const).flatMap((kind) =>
  Object.entries(calls[kind]).map(([name, call]) => ({ kind, name, call })),
);

/** Create mutations, which need a new id; by the path to it. */
export const creates: Record<string, Call> = {
  createTask: on('createTask', { title: 'private' }),
  'createTasks.tasks': (id) => mutation('createTasks', { tasks: [{ id, title: 'private' }] }),
  createList: on('createList', { name: 'private' }),
  createLabel: on('createLabel', { name: 'private' }),
};
