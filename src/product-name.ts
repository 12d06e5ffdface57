/** The name in messages and access tokens. Renaming it rejects the access tokens that are in use. */
export const productName = 'todoql';
