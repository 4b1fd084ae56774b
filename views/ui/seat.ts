// Whether whoever reads a page may do what it offers, while one page is made: somebody who acts as a team may do what their role allows. Kept as
// the zone of a reader is, so that no form deep in a page can forget to ask. Owns: which offers are left out, and the sentence in their place.

export interface Seat {
  /** The team that they act as. */
  team: string
  /** "viewer", as people read it. */
  role: string
  /** Null: this address is theirs to open or to send to. Else who may, as people read it; none: nobody, in a team. */
  closedTo(method: "GET" | "POST", address: string): readonly string[] | null
}

interface Sitting {
  seat: Seat
  /** Who may do what was left out without a word. */
  others: Set<string>
}

let current: Sitting | null = null

/** Makes a page for a reader who acts as a team; null: as themselves, to whom all is open. */
export function inSeat<T>(seat: Seat | null, make: () => T): T {
  const before = current
  current = seat && { seat, others: new Set() }
  try {
    return make()
  } finally {
    current = before
  }
}

/** Whether a button or form is shown. What is left out is told of once, by `leftOut`. */
export function isOffered(method: "GET" | "POST", address: string): boolean {
  const who = current?.seat.closedTo(method, address) ?? null
  for (const one of who ?? []) current?.others.add(one)
  return who === null
}

/** In place of a form: who may send it. Null: it is theirs. "": nobody's here. */
export function closedForm(action: string): string | null {
  if (isOffered("POST", action)) return null
  const who = current?.seat.closedTo("POST", action) ?? []
  return who.length === 0 ? "" : `${listed(who)} can change this.`
}

/** What the whole page says of what it leaves out; null: nothing is. */
export function leftOut(): string | null {
  if (current === null || current.others.size === 0) return null
  const { seat, others } = current
  return `You read this page as ${seat.role} of ${seat.team}. ${listed([...others])} can do more here.`
}

/** "Owners, admins and billing managers" */
function listed(who: readonly string[]): string {
  const words = who.map((one) => `${one}s`)
  const text = words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
