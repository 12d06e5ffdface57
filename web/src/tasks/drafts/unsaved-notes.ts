import { createContext } from 'react';

/** Notes that could not be saved before their task was closed, by the task's id, for when it is opened again. */
export const UnsavedNotes = createContext(new Map<string, string>());
