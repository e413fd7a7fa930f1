using Aigc2d.Billing.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.Billing.Holds;

/// <summary>The holds that a transaction ends: granted = settled + released, once.</summary>
internal sealed class ClosedHolds(LedgerUnit unit)
{
    private readonly Dictionary<Guid, (string State, string Reason, long Settled, long Released)> _closed = [];
    private readonly List<(Guid KeyId, DateOnly Day, long Micropoints)> _spending = [];

    public int Count => _closed.Count;

    /// <summary>Reads the holds of <paramref name="requestIds"/> after their accounts were locked: but for renewals, nobody else changes them now.</summary>
    public static LedgerRead Read(IEnumerable<Guid> requestIds, Dictionary<Guid, HoldRow> into) =>
        ReadWith($"select {HoldRow.Columns} from holds where request_id = any($1)", requestIds, into);

    /// <summary>Locks them as well, so that no renewal comes between.</summary>
    public static LedgerRead ReadLocked(IEnumerable<Guid> requestIds, Dictionary<Guid, HoldRow> into) =>
        ReadWith($"select {HoldRow.Columns} from holds where request_id = any($1) order by request_id for update", requestIds, into);

    private static LedgerRead ReadWith(string sql, IEnumerable<Guid> requestIds, Dictionary<Guid, HoldRow> into) => new(
        new(sql) { Parameters = { requestIds.ToParameter(NpgsqlDbType.Uuid) } },
        row =>
        {
            var hold = HoldRow.Of(row);
            into[hold.RequestId] = hold;
        });

    /// <summary>Ends an open hold of a locked account; false when this transaction has ended it already.</summary>
    public bool Close(HoldRow hold, string state, string reason, long settledMicropoints)
    {
        if (!_closed.TryAdd(hold.RequestId, (state, reason, settledMicropoints, hold.GrantedMicropoints - settledMicropoints))) return false;

        var account = unit.Account(hold.AccountId)!;
        account.Unhold(hold.GrantedMicropoints);
        Respend(hold, settledMicropoints - hold.GrantedMicropoints);
        return true;
    }

    /// <summary>Corrects what the day of the hold counts: what was held in full was charged in part, or more was charged than held.</summary>
    public void Respend(HoldRow hold, long micropoints)
    {
        var day = DateOnly.FromDateTime(hold.PlacedAt.UtcDateTime);
        unit.Account(hold.AccountId)!.Spend(day, micropoints);
        _spending.Add((hold.KeyId, day, micropoints));
    }

    public void Add(NpgsqlBatch batch)
    {
        KeySpending.Add(batch, _spending);
        if (_closed.Count == 0) return;

        batch.BatchCommands.Add(new(Update)
        {
            Parameters =
            {
                _closed.Keys.ToParameter(NpgsqlDbType.Uuid),
                _closed.Values.Select(c => c.State).ToParameter(NpgsqlDbType.Text),
                _closed.Values.Select(c => c.Reason).ToParameter(NpgsqlDbType.Text),
                _closed.Values.Select(c => c.Settled).ToParameter(NpgsqlDbType.Bigint),
                _closed.Values.Select(c => c.Released).ToParameter(NpgsqlDbType.Bigint),
            },
        });
    }

    private const string Update = """
        update holds h
        set state = c.state, close_reason = c.reason, settled_micropoints = c.settled, released_micropoints = c.released, closed_at = ledger_now()
        from unnest($1, $2, $3, $4, $5) as c(request_id, state, reason, settled, released)
        where h.request_id = c.request_id
        """;
}
