// What each figure is, in one sentence: the same words on pages, in the API's document and in the documentation.
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
  perUser: "Your share divided by the active people, rounded down.",
} as const
