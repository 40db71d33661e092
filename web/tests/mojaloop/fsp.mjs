// A financial service provider made of Mojaloop's published library: it sends with MojaloopRequests, signs and verifies
// with its Jws, promises with its Ilp, and takes callbacks at an address of its own.

import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import library from '@mojaloop/sdk-standard-components';

const { Ilp, Jws, MojaloopRequests } = library;
const PATIENCE_MS = 20_000;

/** A logger in the shape that the library expects, which says nothing. */
const silent = {
  isDebugEnabled: false, isErrorEnabled: false, isInfoEnabled: false,
  debug() {}, error() {}, info() {}, log() {}, warn() {}, verbose() {},
  push() { return silent; }, child() { return silent; },
};

export class Fsp {
  /** Starts to listen. `answers` maps `METHOD /resource` to what is done with a request; callbacks are kept. */
  static async open(name, { country, signs }) {
    const fsp = new Fsp();
    Object.assign(fsp, { name, country, signs, received: [], waiting: [], answers: {}, keys: {} });
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    fsp.jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: name };
    fsp.server = createServer((request, response) => fsp.take(request, response));
    await new Promise((listening) => fsp.server.listen(0, '127.0.0.1', listening));
    fsp.base = `http://127.0.0.1:${fsp.server.address().port}`;
    fsp.send = new MojaloopRequests({
      logger: silent,
      peerEndpoint: `${country.replace('http://', '')}/payment-switch`,
      dfspId: name,
      tls: { enabled: false },
      jwsSign: signs,
      jwsSigningKey: privateKey.export({ type: 'pkcs1', format: 'pem' }),
    });
    fsp.ilp = new Ilp({ secret: `what ${name} proves its payments with`, logger: silent });
    return fsp;
  }

  publicPem() {
    return createPublicKey({ key: this.jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Learns the keys of others, as operators of a scheme exchange them. */
  async trusts(...systems) {
    for (const [participant, system] of systems) {
      const response = await fetch(`${this.country}/${system}/.well-known/jwks.json`);
      const jwk = (await response.json()).keys.find((key) => key.alg === 'ES256');
      this.keys[participant] = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    }
  }

  async take(request, response) {
    if (request.url === '/.well-known/jwks.json') {
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ keys: [this.jwk] }));
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const { method, url, headers } = request;
    const asks = method === 'GET' || method === 'POST';
    response.writeHead(asks ? 202 : 200).end();
    const message = { what: `${method} ${url}`, headers, body: text ? JSON.parse(text) : undefined, wrong: undefined };
    if (this.signs && message.body) {
      try {
        new Jws.validator({ validationKeys: this.keys, logger: silent }).validate(message);
      } catch (error) {
        message.wrong = error.message;
      }
    }
    this.received.push(message);
    const answer = this.answers[`${method} /${url.split('/')[1]}`];
    if (answer) await answer(message);
    this.waiting = this.waiting.filter((wait) => !wait(message));
  }

  /** The callback `what`, or the error callback of the same path. */
  callback(what) {
    const fits = (message) => message.what === what || message.what === `${what}/error`;
    const earlier = this.received.findLast(fits);
    if (earlier) return Promise.resolve(earlier);
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`${this.name} waits for ${what}`)), PATIENCE_MS);
      this.waiting.push((message) => {
        if (!fits(message)) return false;
        clearTimeout(patience);
        resolve(message);
        return true;
      });
    });
  }

  /** Takes part in the scheme, as an operator of a Mojaloop hub would have it: with address, cap and funds. */
  async onboard() {
    const admin = async (method, path, body) => {
      const response = await fetch(`${this.country}/payment-switch/admin/participants${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      const text = await response.text();
      return text ? JSON.parse(text) : undefined;
    };
    await admin('POST', '', { name: this.name, currency: 'XTS' });
    const endpoints = {
      FSPIOP_CALLBACK_URL_PARTICIPANT_PUT: '/participants/{{partyIdType}}/{{partyIdentifier}}',
      FSPIOP_CALLBACK_URL_PARTIES_GET: '/parties/{{partyIdType}}/{{partyIdentifier}}',
      FSPIOP_CALLBACK_URL_PARTIES_PUT: '/parties/{{partyIdType}}/{{partyIdentifier}}',
      FSPIOP_CALLBACK_URL_PARTIES_PUT_ERROR: '/parties/{{partyIdType}}/{{partyIdentifier}}/error',
      FSPIOP_CALLBACK_URL_QUOTES: '',
      FSPIOP_CALLBACK_URL_TRANSFER_POST: '/transfers',
      FSPIOP_CALLBACK_URL_TRANSFER_PUT: '/transfers/{{transferId}}',
      FSPIOP_CALLBACK_URL_TRANSFER_ERROR: '/transfers/{{transferId}}/error',
    };
    for (const [type, path] of Object.entries(endpoints)) {
      await admin('POST', `/${this.name}/endpoints`, { type, value: `${this.base}${path}` });
    }
    await admin('POST', `/${this.name}/initialPositionAndLimits`, {
      currency: 'XTS', limit: { type: 'NET_DEBIT_CAP', value: 1000 }, initialPosition: 0,
    });
    const accounts = await admin('GET', `/${this.name}/accounts`);
    const { id } = accounts.find((account) => account.ledgerAccountType === 'SETTLEMENT');
    await admin('POST', `/${this.name}/accounts/${id}`, {
      transferId: randomUUID(), externalReference: 'opening', action: 'recordFundsIn', reason: 'opening',
      amount: { amount: '1000', currency: 'XTS' },
    });
  }

  async position() {
    const response = await fetch(`${this.country}/payment-switch/admin/participants/${this.name}/positions`);
    return (await response.json())[0].value;
  }

  /** Looks a person up, has a quote made and pays. Gives what the scheme said at the end. */
  async pay(type, identifier, amount) {
    await this.send.getParties(type, identifier);
    const found = await this.callback(`PUT /parties/${type}/${identifier}`);
    const { party } = found.body;
    if (!party) return { found };
    const to = party.partyIdInfo.fspId;
    const payer = { partyIdInfo: { partyIdType: 'ACCOUNT_ID', partyIdentifier: '1', fspId: this.name }, name: 'Client' };
    const [quoteId, transactionId] = [randomUUID(), randomUUID()];
    await this.send.postQuotes({
      quoteId, transactionId, payer, payee: party, amountType: 'SEND', amount: { currency: 'XTS', amount },
      transactionType: { scenario: 'TRANSFER', initiator: 'PAYER', initiatorType: 'CONSUMER' },
    }, to);
    const terms = await this.callback(`PUT /quotes/${quoteId}`);
    if (!terms.body.condition) return { found, terms };
    const country = await (await fetch(`${this.country}/_arenoa/clock`)).json();
    const until = new Date(new Date(country.now).getTime() + 60_000).toISOString();
    await this.send.postTransfers({
      transferId: transactionId, payerFsp: this.name, payeeFsp: to, amount: terms.body.transferAmount,
      ilpPacket: terms.body.ilpPacket, condition: terms.body.condition, expiration: until,
    }, to);
    const paid = await this.callback(`PUT /transfers/${transactionId}`);
    return { found, terms, paid, transactionId };
  }

  /** Lets a customer be paid: answers lookups, makes quotes, gives its word, and keeps how it ended. */
  receives(identifier) {
    const promises = {};
    this.answers['GET /parties'] = ({ headers }) => this.send.putParties('MSISDN', identifier, undefined, {
      party: { partyIdInfo: { partyIdType: 'MSISDN', partyIdentifier: identifier, fspId: this.name }, name: 'Mira Client' },
    }, headers['fspiop-source']);
    this.answers['POST /quotes'] = ({ headers, body }) => {
      const terms = { transferAmount: body.amount, payeeReceiveAmount: body.amount, expiration: '2027-01-01T00:00:00.000Z' };
      const promise = this.ilp.getQuoteResponseIlp(body, terms);
      promises[promise.condition] = promise.fulfilment;
      const { ilpPacket, condition } = promise;
      return this.send.putQuotes(body.quoteId, { ...terms, ilpPacket, condition }, headers['fspiop-source']);
    };
    this.answers['POST /transfers'] = ({ headers, body }) => this.send.putTransfers(body.transferId, {
      transferState: 'RESERVED', fulfilment: promises[body.condition], completedTimestamp: new Date().toISOString(),
    }, headers['fspiop-source']);
  }
}
