// In which vaults an owner's 256 accounts have a loan.
import type { Address } from 'viem'
import { due, retry } from '../../changing.ts'
import { keys } from '../keys.ts'
import { deploymentOf, type EulerChange, type EulerMirror, type EulerRead, positionKey } from '../state.ts'
import { controllersIn, controllerWords, subAccountsOf } from './storage.ts'

/** Every controller that is enabled names a position; what the book has already is read beside. */
export const readAccount = (mirror: EulerMirror, owner: Address): EulerRead => {
  const accounts = subAccountsOf(owner)
  return {
    key: keys.account(owner),
    calls: [controllerWords(deploymentOf(mirror).evc, accounts)],
    decode: ([result], _block, current) => {
      const controllers = controllersIn(result, accounts.length)
      if (!controllers) return [retry(keys.account(owner))]
      return accounts.flatMap((account, index): readonly EulerChange[] => {
        const controller = controllers[index]
        if (!controller || current.positions.has(positionKey(controller, account))) return []
        return due(keys.position(controller, account))
      })
    },
  }
}
