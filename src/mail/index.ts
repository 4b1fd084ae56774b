// The door of `mail`: how a letter leaves the house. What letters say belongs to the domain that sends them.
export * from "./mailer.ts"
