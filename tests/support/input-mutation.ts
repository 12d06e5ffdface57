const payloads: Record<string, string> = {
  Task: 'task { id title }',
  List: 'list { id name }',
  Label: 'label { id name }',
};

/** Builds a mutation with one input. */
export function mutation(name: string, input: Record<string, unknown>): [string, Record<string, unknown>] {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const payload = payloads[name.replace(/^[a-z]+/, '')];
  const others: Record<string, string> = {
    purgeTask: 'purgedIds',
    purgeList: 'purgedId',
    deleteLabel: 'deletedId',
    revokeSession: 'success',
  };
  const selection = others[name] ?? payload ?? 'tasks { id title }';
  return [`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input }];
}
