import type { ParameterChange } from '../model/parameter.ts'

/** A change of a parameter, for programs. */
export const parameterChangeJson = ({
  name,
  chainId,
  blockNumber,
  timestamp,
  ...change
}: ParameterChange) => ({
  block: { chainId, number: blockNumber, timestamp },
  parameter: name,
  ...change,
})
