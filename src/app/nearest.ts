// Which known name a mistyped one was meant to be, for messages that say so.

/** The known name that one slip is away: a letter left out, added, replaced, or changed with the next; null = none is. */
export const nearest = (typed: string, known: readonly string[]): string | null =>
  known.find((name) => isOneSlip(typed, name)) ?? null

function isOneSlip(typed: string, name: string): boolean {
  let at = 0
  while (at < name.length && typed[at] === name[at]) at++
  const [rest, meant] = [typed.slice(at), name.slice(at)]
  const isSwapped = rest[0] === meant[1] && rest[1] === meant[0] && rest.slice(2) === meant.slice(2)
  return isSwapped || rest.slice(1) === meant.slice(1) || rest === meant.slice(1) || rest.slice(1) === meant
}
