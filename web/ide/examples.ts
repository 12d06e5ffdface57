/** A sample tab. */
interface Example {
  readonly query: string;
  readonly variables?: string;
}

const credentials = { input: { email: 'ada@example.com', password: 'correct horse' } };

/**
 * Operations that can be run unchanged, one after another.
 * @param taskId a UUIDv7 for the first task
 */
export function examples(taskId: string): Example[] {
  return [
    { query: signUp, variables: json(credentials) },
    { query: logIn, variables: json(credentials) },
    { query: me },
    { query: createTask, variables: json({ input: { id: taskId, title: 'Buy milk', priority: 'HIGH' } }) },
    { query: tasks, variables: json({ first: 20, after: null }) },
    {
      query: updateTask,
      variables: json({ input: { id: taskId, expectedVersion: 1, title: 'Buy oat milk', priority: 'LOW' } }),
    },
    { query: live },
  ];
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const signUp = `# Welcome.
#
# Run this: Ctrl-Enter, or Cmd-Enter on a Mac.
# It makes the account that the Variables below
# describe and signs you in: the token goes into
# the Headers, here and in the other tabs.
#
# Then go on from tab to tab. Is the account
# there already? Go to LogIn.

mutation SignUp($input: SignupInput!) {
  signup(input: $input) {
    accessToken
    expiresIn # seconds
    user {
      id
      email
    }
  }
}
`;

const logIn = `# Signs in to an account that exists, and puts
# the token into the Headers.

mutation LogIn($input: LoginInput!) {
  login(input: $input) {
    accessToken
    expiresIn
    user {
      id
      email
    }
  }
}
`;

const me = `# Who the token in the Headers belongs to.

query Me {
  me {
    id
    email
    createdAt
  }
}
`;

const createTask = `# Makes a task. The id is optional: a client that
# makes one itself (a UUIDv7) can safely repeat
# the call when no answer came.
#
# Run it twice: it is the same task.
# Take the id out to make another.

mutation CreateTask($input: CreateTaskInput!) {
  createTask(input: $input) {
    task {
      id
      title
      priority
      completed
      version
    }
  }
}
`;

const tasks = `# Your open tasks, a page at a time. For the next
# one, put endCursor into the variable "after".
#
# Ctrl-Space proposes what fits at the cursor.
# Ctrl-click on a name shows its documentation.

query Tasks($first: Int, $after: String) {
  tasks(
    first: $first
    after: $after
    filter: { completed: false }
    orderBy: { field: PRIORITY, direction: DESC }
  ) {
    totalCount
    nodes {
      id
      title
      priority
      version
      createdAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const updateTask = `# Changes the fields that are given.
# expectedVersion is the version that you last
# saw: what was changed since is not overwritten.
#
# Run it twice: the second time is refused with
# STALE_VERSION.

mutation UpdateTask($input: UpdateTaskInput!) {
  updateTask(input: $input) {
    task {
      id
      title
      priority
      version
      updatedAt
    }
  }
}
`;

const live = `# What changes from now on, on whichever device.
# The first answer comes at once, with a cursor;
# the next one with the next change. This button
# stops it.
#
# Run it, and run UpdateTask with another title in
# another window. With the cursor as $after, it
# begins where it has ended.

subscription Live($after: String) {
  changes(after: $after) {
    changes {
      kind
      typeName
      id
      record {
        ... on Task {
          title
          version
        }
      }
    }
    cursor
  }
}
`;
