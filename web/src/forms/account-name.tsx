/** Tells password managers whose password a form asks for. */
export function AccountName({ email }: { email: string }) {
  return (
    <input
      type="text"
      className="visually-hidden"
      autoComplete="username"
      value={email}
      readOnly
      tabIndex={-1}
      aria-hidden
    />
  );
}
