/** The part of todoql's schema that the operations use, for the sides that are built from SDL. */
export const schema = `
  type Query {
    tasks(first: Int): TaskConnection
    task(id: ID!): Task
    labels(first: Int): LabelConnection
  }
  type Mutation {
    createTask(input: CreateTaskInput!): TaskPayload
    completeTask(input: CompleteTaskInput!): TaskPayload
    reopenTask(input: ReopenTaskInput!): TaskPayload
    login(input: LoginInput!): AuthPayload
  }
  enum TaskPriority { NONE LOW MEDIUM HIGH URGENT }
  type Task {
    id: ID!
    title: String!
    description: String!
    completed: Boolean!
    priority: TaskPriority!
    createdAt: String!
    updatedAt: String!
    version: Int!
    list: TaskList
    labels: [Label!]!
    subtasks(first: Int): TaskConnection!
  }
  type TaskList { id: ID! name: String! }
  type Label { id: ID! name: String! color: String version: Int! createdAt: String! updatedAt: String! }
  type LabelConnection { nodes: [Label!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type TaskConnection { nodes: [Task!]! pageInfo: PageInfo! }
  type TaskPayload { task: Task! }
  type User { id: ID! email: String! }
  type AuthPayload { accessToken: String! user: User! }
  input CreateTaskInput { title: String! description: String priority: TaskPriority }
  input CompleteTaskInput { id: ID! }
  input ReopenTaskInput { id: ID! }
  input LoginInput { email: String! password: String! }
`;
