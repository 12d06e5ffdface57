/** Texts of files, by path. */
export type Files = Readonly<Record<string, string>>;

/** The files of a project. */
export interface Template {
  readonly withPage: Files;
  readonly withoutPage: Files;
}

/** In dist/: brotli-compressed JSON. */
export const templateFile = 'template/files.json.br';

/** Stands for the name of the project in all files. */
export const placeholder = '%project-name%';
