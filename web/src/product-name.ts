/** The name in the page and in the title of its tab. That of a page that is loading is in index.html. */
export const productName = 'todoql';
