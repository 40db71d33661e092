// Mojaloop's client library against the switch, signed and unsigned. The library knows nothing of Arenoa: it is given the
// switch's address and a telephone number.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startCountry } from './country.mjs';
import { Fsp } from './fsp.mjs';

let country;
before(async () => { country = await startCountry(); });
after(() => country.stop());

async function phoneOf(name) {
  const { people } = await (await fetch(`${country.base}/_arenoa/cast`)).json();
  return people.find((person) => person.id === name).phone.replace('+', '');
}

const verified = (fsp) => assert.deepEqual(fsp.received.map((message) => message.wrong).filter(Boolean), []);

for (const signs of [false, true]) {
  const how = signs ? 'signed' : 'unsigned';

  test(`the library finds Tomas by his telephone number and pays him (${how})`, async () => {
    const payer = await Fsp.open(`payer-${how}`, { country: country.base, signs });
    try {
      await payer.onboard();
      await payer.trusts(['switch', 'payment-switch'], ['greenbank', 'greenbank']);
      const phone = await phoneOf('tomas');
      const { found, terms, paid, transactionId } = await payer.pay('MSISDN', phone, '12.5');
      assert.equal(found.body.party.name, 'Tomas Amaro');
      assert.ok(paid, JSON.stringify(terms.body));
      assert.equal(paid.body.transferState, 'COMMITTED', JSON.stringify(paid.body));
      assert.ok(payer.ilp.validateFulfil(paid.body.fulfilment, terms.body.condition));
      verified(payer);
      const account = await (await fetch(`${country.base}/greenbank/accounts/${phone}`)).json();
      const line = account.lines.find(({ reference }) => reference === transactionId);
      assert.equal(line.amount, '12.50', 'it stands on his statement');
      const desk = await (await fetch(`${country.base}/desk/greenbank`)).text();
      assert.ok(desk.includes(transactionId) || desk.includes('12.50'), 'the bank desk shows it');
      assert.equal(await payer.position(), 12.5);
    } finally {
      payer.close();
    }
  });

  test(`the library is paid through the switch, and told how it ended (${how})`, async () => {
    const payer = await Fsp.open(`sends-${how}`, { country: country.base, signs });
    const payee = await Fsp.open(`takes-${how}`, { country: country.base, signs });
    try {
      for (const fsp of [payer, payee]) {
        await fsp.onboard();
        await fsp.trusts(['switch', 'payment-switch']);
      }
      const pem = (fsp) => fsp.publicPem();
      payer.keys[payee.name] = pem(payee);
      payee.keys[payer.name] = pem(payer);
      const phone = signs ? '99977700001' : '99977700002';
      payee.receives(phone);
      const requestId = randomUUID();
      await payee.send.postParticipants({
        requestId, partyList: [{ partyIdType: 'MSISDN', partyIdentifier: phone, fspId: payee.name }], currency: 'XTS',
      });
      const held = await payee.callback(`PUT /participants/${requestId}`);
      assert.equal(held.body.partyList[0].errorInformation, undefined);

      const { paid, transactionId } = await payer.pay('MSISDN', phone, '40');
      assert.equal(paid.body.transferState, 'COMMITTED', JSON.stringify(paid.body));
      const told = await payee.callback(`PATCH /transfers/${transactionId}`);
      assert.equal(told.body.transferState, 'COMMITTED');
      assert.deepEqual([await payer.position(), await payee.position()], [40, -40]);
      verified(payer);
      verified(payee);
    } finally {
      payer.close();
      payee.close();
    }
  });
}

test('an unknown number and more than there are funds for are refused with the codes of the standard', async () => {
  const payer = await Fsp.open('payer-poor', { country: country.base, signs: false });
  try {
    await payer.onboard();
    const { found } = await payer.pay('MSISDN', '99900000000', '1');
    assert.equal(found.body.errorInformation.errorCode, '3204');
    const { paid } = await payer.pay('MSISDN', await phoneOf('tomas'), '1000.01');
    assert.equal(paid.body.errorInformation.errorCode, '4001');
    assert.equal(await payer.position(), 0);
  } finally {
    payer.close();
  }
});
