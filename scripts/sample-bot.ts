// A sample liquidator, to begin your own from. It hears from a daemon's stream which loans can be liquidated, sends the call that the
// best option holds, and compares what moved with what the option said. Plimsoll itself holds no keys and sends nothing: the account
// is this program's own, and so is the risk. `npm run bot:devnet` shows it at work on a local chain.
//   PLIMSOLL_URL  PLIMSOLL_TOKEN   where the daemon serves, and a token that reads, if it wants one
//   RPC_URL                        an endpoint of the chain that is to be acted on
//   PRIVATE_KEY                    of an account with gas and with what is to be repaid
//   MIN_USD                        the least that a liquidation has to earn, before gas (0)
import type { Address, Hex, TransactionReceipt } from 'viem'
import { createWalletClient, erc20Abi, http, isAddressEqual, parseEventLogs, publicActions } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
// In a program of yours: from 'plimsoll/client'.
import { type Candidate, createClient, type LiquidationOption } from '../src/client/client.ts'

const { PLIMSOLL_URL = 'http://127.0.0.1:4160', PLIMSOLL_TOKEN, RPC_URL, MIN_USD = '0' } = process.env
const plimsoll = createClient({ url: PLIMSOLL_URL, token: PLIMSOLL_TOKEN })
const account = privateKeyToAccount(process.env['PRIVATE_KEY'] as Hex)
const wallet = createWalletClient({ account, transport: http(RPC_URL), pollingInterval: 500 }).extend(
  publicActions,
)
const say = (event: string, fields: object): void => console.log(JSON.stringify({ event, ...fields }))

/** Lets the contract that is called take what is repaid, and a little more: the debt grows until the call is mined. */
const approve = async ({ debtAsset: address, repay, call: { to } }: LiquidationOption): Promise<void> => {
  const needed = (BigInt(repay) * 101n) / 100n
  const token = { address, abi: erc20Abi, chain: null } as const
  const allowed = await wallet.readContract({
    ...token,
    functionName: 'allowance',
    args: [account.address, to],
  })
  if (allowed >= needed) return
  const hash = await wallet.writeContract({ ...token, functionName: 'approve', args: [to, needed] })
  await wallet.waitForTransactionReceipt({ hash })
}

/** How much of an asset came to the account in a transaction, less what went. */
const moved = ({ logs }: TransactionReceipt, asset: Address): bigint =>
  parseEventLogs({ abi: erc20Abi, eventName: 'Transfer', logs })
    .filter(({ address }) => isAddressEqual(address, asset))
    .map(({ args: { from, to, value } }) => {
      const came = isAddressEqual(to, account.address) ? value : 0n
      return isAddressEqual(from, account.address) ? came - value : came
    })
    .reduce((sum, one) => sum + one, 0n)

/** The block of the last liquidation: what was told of earlier ones is out of date. */
let actedAt = 0n

const liquidate = async ({ position, basis, options }: Candidate): Promise<void> => {
  const option = options.find(({ payer }) => payer === 'liquidator')
  // `now`: the amounts are those of a liquidation in the block that the position names. Else an oracle or an accrual comes first.
  if (!option || basis !== 'now' || BigInt(position.block.number) <= actedAt) return
  const { to, data, value = '0' } = option.call
  if (value === '0') await approve(option)
  const hash = await wallet.sendTransaction({ chain: null, to, data, value: BigInt(value) })
  const receipt = await wallet.waitForTransactionReceipt({ hash })
  actedAt = receipt.blockNumber
  const [repaid, seized] = [-moved(receipt, option.debtAsset), moved(receipt, option.collateralAsset)]
  say(receipt.status === 'success' ? 'liquidated' : 'reverted', {
    ...{ position: position.id, transaction: hash, told: position.block.number, block: String(actedAt) },
    ...{ repay: option.repay, repaid: String(repaid), seize: option.seize, seized: String(seized) },
    isAsTold: String(repaid) === option.repay && String(seized) === option.seize,
  })
}

const tried = (candidate: Candidate): Promise<void> =>
  liquidate(candidate).catch((error) => say('failed', { id: candidate.position.id, error: String(error) }))
const wanted = { chain: await wallet.getChainId(), executable: true, minIncentiveUsd: MIN_USD }
for await (const event of plimsoll.stream({ topics: 'candidate', ...wanted })) {
  if (event.topic === 'hello') say('listening', { account: account.address, chain: wanted.chain })
  // At first, and where events were lost, the list says what there is.
  if (event.topic === 'hello' || event.topic === 'reset')
    for (const candidate of (await plimsoll.candidates(wanted)).candidates) await tried(candidate)
  if (event.topic === 'candidate' && event.data.candidate) await tried(event.data.candidate)
}
