// A team's address for letters: it has no mailbox of its own, what is sent there reaches those of its people whose affair it is.

/** A domain that no mail gets to (RFC 2606). */
const AT = "@teams.invalid"

export const teamMailbox = (publicId: string): string => publicId + AT

/** @returns the team's public id; null: it is another address */
export const teamOfMailbox = (address: string): string | null =>
  address.endsWith(AT) ? address.slice(0, -AT.length) : null
