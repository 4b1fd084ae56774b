// Bodies and queries as Stripe's clients write them: `a[b][0][c]=d`.
export type Sent = string | Sent[] | { [name: string]: Sent }

/** Names with numbers only are places in a list. */
export function decodeForm(params: URLSearchParams): { [name: string]: Sent } {
  const root: { [name: string]: Sent } = {}
  for (const [path, value] of params)
    put(
      root,
      path.split(/\[|\]\[|\]/).filter((part, at) => at === 0 || part),
      value,
    )
  return listsIn(root) as { [name: string]: Sent }
}

function put(into: { [name: string]: Sent }, [name = "", ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    into[name] = value
    return
  }
  const inside = into[name]
  if (typeof inside !== "object") into[name] = {}
  put(into[name] as { [name: string]: Sent }, rest, value)
}

function listsIn(value: Sent): Sent {
  if (typeof value === "string" || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([name, one]) => [name, listsIn(one)] as const)
  const isList = entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name))
  return isList
    ? entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, one]) => one)
    : Object.fromEntries(entries)
}
