import { Field, type FieldProps } from '../forms/field.tsx';

/** The e-mail address that names an account. */
export function EmailField(props: Pick<FieldProps, 'problem' | 'limit'>) {
  return (
    <Field
      label="E-mail address"
      name="email"
      type="email"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      {...props}
    />
  );
}
