// What tests of analytics stand on: calls through the ledger's own verbs, as usage makes them for its tests.
export * from "../usage/testing.ts"
