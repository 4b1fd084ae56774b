// A person or an app in a small square: its icon, else the first letter of its name.

/** `src` is a URL on this origin; anything else must not be given (CSP img-src 'self' data:). */
export function Avatar({
  name,
  src,
  large,
}: {
  name: string
  src?: string | undefined
  large?: boolean | undefined
}): JSX.Element {
  const size = large ? "56" : "32"
  const classes = large ? "avatar large" : "avatar"
  if (src) return <img class={classes} src={src} alt="" width={size} height={size} />
  return (
    <span class={classes} aria-hidden="true" safe>
      {initial(name)}
    </span>
  )
}

/** First letter or digit in upper case, whole grapheme; "?" when there is none. */
export function initial(name: string): string {
  return (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? "?").toLocaleUpperCase("en")
}
