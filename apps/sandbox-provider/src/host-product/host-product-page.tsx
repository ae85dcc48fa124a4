import type { ReactElement } from 'react';
import { renderPage } from '../mailbox/page-shell.js';
import type { ToldEvent } from './host-event-store.js';

/** The page of the product: what it was told, newest first. */
export function renderHostPage(events: readonly ToldEvent[], totals: { events: number; calls: number }): string {
  return renderPage({
    title: 'Host product',
    body: (
      <>
        <h1>Host product</h1>
        <p className="soft">
          This stands in for the product whose seats are sold. It heard of {totals.events} events in {totals.calls}{' '}
          calls.
        </p>
        <nav aria-label="Refresh">
          <a href="/host">Refresh now</a>
        </nav>
        <div className="card">
          {events.length === 0 ? <p className="empty">Nothing heard yet.</p> : <EventTable events={events} />}
        </div>
      </>
    ),
  });
}

function EventTable({ events }: { readonly events: readonly ToldEvent[] }): ReactElement {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">When (UTC)</th>
          <th scope="col">Event</th>
          <th scope="col">Workspace</th>
          <th scope="col">Number</th>
          <th scope="col">Plan</th>
          <th scope="col">Seats</th>
          <th scope="col">Repeats</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <td className="nowrap">{event.occurredAt.replace('T', ' ').slice(0, 19)}</td>
            <td>{event.type}</td>
            <td>{event.workspaceId}</td>
            <td>{event.sequence}</td>
            <td>{shown(event.data['plan'])}</td>
            <td>{shown(event.data['seats'])}</td>
            <td>{event.duplicates}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
