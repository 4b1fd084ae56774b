// What tells a server that failed from a run that went wrong.

/** A server did what it must not do. Any other error says that nothing was found out. */
export class Missed extends Error {}
