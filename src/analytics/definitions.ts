// What each figure is, in one sentence: the same words on pages, in the API's document and in the documentation.
import type { Payer } from "./types-person.ts"

export const DEFINITIONS = {
  calls: "Calls that a model was asked for through your app, those that failed included; refused ones are not.",
  errors: "Calls that failed at the provider or here. Whoever closed the connection is no failure.",
  refused: "Calls that were refused before a model was asked, for a limit, missing credits or a wrong request.",
  errorRate: "Failed and refused calls as a part of all that was asked for.",
  activeUsers: "Different people who called through your app in the time shown, refused calls included.",
  newUsers: "People who let your app in for the first time, whether or not they still do.",
  users: "People who let your app in now.",
  inputTokens: "Tokens of the questions.",
  outputTokens: "Tokens of the answers, thinking included.",
  latency: "From the question to the end of the answer, the mean over calls.",
  charge: "What people were charged for these calls.",
  revenue: "Your share of what people paid for these calls, before refunds take theirs back.",
  payer:
    "Who paid the provider: this service, for credits; people, by keys of their own there, where calls cost your share alone; nobody, where the cache answered or the call was refused.",
  perUser: "Your share divided by the active people, rounded down.",
} as const

/** Of one person's own use. */
export const PERSON_DEFINITIONS = {
  balance: "Credits that have not expired and that no call holds at this moment.",
  today: "Credits used since 00:00 UTC.",
  month: "Credits used since the first day of this month, 00:00 UTC.",
  byApp: "Credits used, by the app that called. Your own keys are one of them.",
  byType: "Credits used, by what was asked for: chat, pictures, tools and so on.",
  used: "Credits that left your balance for calls of these days, before anything that was refunded.",
  calls: "Calls that a model, a tool or a service was asked for, those that failed included; refused ones are not.",
  errors: "Calls that failed at the provider or here. Whoever closed the connection is no failure.",
  refused: "Calls that were refused before anything was asked, for a limit, missing credits or a wrong request.",
  inputTokens: "Tokens of your questions.",
  outputTokens: "Tokens of the answers, thinking included.",
  free: "Credits of your daily claims that have not expired: what was given, and what of it is used.",
  before: "As many days, just before those that are shown.",
} as const

/** Of how an app is. */
export const HEALTH_DEFINITIONS = {
  answered: "Calls through your app whose answer came to its end.",
  failed: "Calls that failed at the provider or here. Whoever closed the connection is no failure.",
  refused: "Calls that were refused before a model was asked, for a limit, missing credits or a wrong request.",
  errors: "Failed and refused calls by the code of their error, with how many different people met it.",
  unpaid:
    "Calls whose credits could not be taken: refused because credits or a limit on spending did not reach, or answered and not paid in full.",
  missing: "What answered calls cost beyond the credits that were there. Nobody is asked for it later.",
  times: "Answered calls by how long they took, from the question to the end of the answer.",
  within: "The bound of the class within which half, 95 and 99 of 100 answered calls ended.",
  slow: "The ten answered calls that took longest, of people who are still here.",
  people: "Different people, counted, never estimated.",
} as const

/** Of one API that somebody subscribed to. */
export const API_DEFINITIONS = {
  answered: "Calls that the publisher’s server answered without an error.",
  failed: "Calls that it answered with an error, or did not answer.",
  refused: "Calls that were refused before it was asked, for a rate, a quota or a wrong request.",
} as const

/** Who paid a provider, as developers and operators read it. */
export const PAYER_NAMES: Readonly<Record<Payer, string>> = {
  platform: "Credits",
  own: "People’s own provider keys",
  cache: "Nobody: it came from the cache",
  "": "Nobody: it was refused",
}

/** Of the whole house, in live mode. */
export const HOUSE_DEFINITIONS = {
  calls: "Calls that were let through and held credits, those that failed included; refused ones are not.",
  errors: "Calls that failed at the provider or here. Whoever closed the connection is no failure.",
  refused: "Calls of known people that were refused before anything was asked.",
  errorRate: "Failed and refused calls as a part of all that was asked for.",
  latency: "From the question to the end of the answer, the mean over calls.",
  firstToken: "From the question to the first token of a streamed answer, the mean over those calls.",
  used: "Credits that left people’s balances for calls, before refunds.",
  upstream: "What the models cost at their providers, by the prices that calls were charged at.",
  payer:
    "Who paid the provider: the house, for credits; people, by keys of their own there, which cost the house nothing; nobody, where the cache answered.",
  developers: "The share of developers, before refunds take theirs back.",
  revenue: "What stays here of the credits used, after upstreams and developers. Below zero is a loss.",
  margin: "Revenue as a part of the credits used.",
  activeUsers: "Different people who called in the time shown, refused calls included. Each is counted once.",
  activeToday: "Different people who called since 00:00 UTC.",
  activeMonth: "Different people who called in the last 30 UTC days, today included.",
  newUsers: "Accounts made in the time shown.",
  topUsers:
    "Whose balances credits for calls left in the days shown, those with the most first: people and teams, nobody who was erased.",
  topApps: "Live apps that credits were used through, those with the most first.",
  churn: "Of the people who called in as many days before, how many did not call in the days shown.",
  cohorts: "Of the people who signed up in a month, how many called in that month and in each one after it.",
  apps: "Live apps of developers. Those in test mode and those of the house are none.",
  listed: "Apps that the directory shows to everybody.",
  lastDay: "The UTC hour that runs and the 23 before it.",
  peak: "Calls by weekday and hour of the UTC day, summed over the days shown.",
  perUser: "Credits used divided by the active people, rounded down.",
  moneyIn: "Dollars that people paid, through the payment service and by hand.",
  refunds: "Dollars that went back to people.",
  disputes: "Dollars that banks took back. A dispute that was won comes back on the day it was decided.",
  fees: "Dollars that the payment service kept for its work.",
  freeBudget: "What free claims were granted on a day, and what there was for them at most.",
  owed: "What developers and publishers earned and were not paid yet: earnings that mature, and those that can be paid out.",
} as const
