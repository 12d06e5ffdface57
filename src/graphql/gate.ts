import type { ApolloServerPlugin, GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import { type FragmentDefinitionNode, GraphQLError, Kind } from 'graphql';
import { AppError, badUserInput, ErrorCode, type FieldProblem } from '../errors.ts';
import { requestScope } from '../observability/request-scope.ts';
import { closedRootFields, namesClosedField } from './closed-fields.ts';
import type { Context } from './context.ts';
import { inputProblems, literalProblem } from './input-problems.ts';
import { refuse } from './refusal.ts';

type Request = GraphQLRequestContextDidResolveOperation<Context>;

/**
 * All that is checked between parsing and execution, in this order. One plugin, because Apollo runs the hooks of several
 * at once. What is refused here has run no resolver.
 */
export function createGate(): ApolloServerPlugin<Context> {
  const closed = closedRootFields();
  return {
    async requestDidStart() {
      return {
        async validationDidStart({ schema, document }) {
          // Apollo answers with what this array holds after the hook.
          return async (errors) => {
            if (!errors || !document) return;
            const problems = errors.map((error) =>
              error instanceof GraphQLError ? literalProblem(schema, document, error) : null,
            );
            if (problems.some((problem) => problem === null)) return;
            (errors as unknown[]).splice(0, errors.length, refuse(badUserInput(problems as FieldProblem[])));
          };
        },
        async didResolveOperation(request) {
          const scope = requestScope();
          if (scope && request.operationName) scope.operationName = request.operationName;
          requireViewer(request, closed);
          requireGoodInput(request);
        },
      };
    },
  };
}

/** RFC 6750 3.1: a request without credentials learns the scheme, and no error code. */
function requireViewer({ contextValue, document, operation }: Request, closed: ReadonlySet<string>): void {
  if (contextValue.viewer !== null || !operation) return;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  if (!namesClosedField(operation, fragments, closed)) return;
  throw refuse(new AppError(ErrorCode.UNAUTHENTICATED, 'Log in to do this.'), { 'www-authenticate': 'Bearer' });
}

function requireGoodInput({ schema, document, operation, request }: Request): void {
  if (!operation) return;
  const problems = inputProblems(schema, document, operation, request.variables ?? {});
  if (problems.length > 0) throw refuse(badUserInput(problems));
}
