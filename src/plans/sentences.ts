// What the audit log says of plans and of who is on which.
import { type Sentences, said } from "../part/index.ts"

/** Plans are named by their codes in the log. */
const planOf = (code: unknown): string => {
  const text = typeof code === "string" && code ? code : "free"
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

export const PLAN_SENTENCES: Sentences = {
  "plan.assigned": {
    topic: "money",
    label: "Plan started",
    say: ({ who, what, after }) => said`${who} put ${what} on ${planOf(after.plan)}`,
  },
  "plan.upgraded": {
    topic: "money",
    label: "Plan upgraded",
    say: ({ who, what, after }) => said`${who} moved ${what} up to ${planOf(after.plan)}`,
  },
  "plan.renewed": {
    topic: "money",
    label: "Plan renewed",
    say: ({ what, after }) => said`${planOf(after.plan)} of ${what} was renewed`,
  },
  "plan.ended": { topic: "money", label: "Plan ended", say: ({ what }) => said`The plan of ${what} ended` },
  "plan.change_scheduled": {
    topic: "money",
    label: "Change of plan planned",
    say: ({ who, what, after }) => said`${who} will move ${what} to ${planOf(after.pendingPlan)} when the period ends`,
  },
  "plan.change_dropped": {
    topic: "money",
    label: "Planned change dropped",
    say: ({ who, what, after }) => said`${who} lets ${what} stay on ${planOf(after.plan)}`,
  },
  "plan.choice_scheduled": {
    topic: "money",
    label: "Choice of a plan changed",
    say: ({ who, what, after }) =>
      said`${who} gave ${what} ${after.pendingChoice === "byok" ? "their own keys" : "monthly credits"} from the next period on`,
  },
  "plan.paid_changed": {
    topic: "money",
    label: "Plan marked as paid or gift",
    say: ({ who, what, after }) =>
      said`${who} marked the plan of ${what} as ${after.paid === true || after.paid === 1 ? "paid" : "a gift"}`,
  },
  "plan.updated": {
    topic: "settings",
    label: "Plan edited",
    say: ({ who, what }) => said`${who} edited the plan ${what}`,
  },
}
