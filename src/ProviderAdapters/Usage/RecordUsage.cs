using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Outbox;
using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Aigc2d.ProviderAdapters.Usage;

/// <summary>
/// Writes usage rows and stages their announcements in one transaction, for all calls that end at about the same time together. Takes no
/// cancellation: a provider has worked, so it is written down.
/// </summary>
public sealed class RecordUsage
{
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlDataSource _db;
    private readonly OutboxSignal _outbox;
    private readonly TimeProvider _time;
    private readonly Batcher<UsageRow, bool> _batcher;

    public RecordUsage(NpgsqlDataSource db, OutboxSignal outbox, TimeProvider time)
    {
        _db = db;
        _outbox = outbox;
        _time = time;
        _batcher = new Batcher<UsageRow, bool>(FlushAsync, new BatcherOptions { InFlight = 2 }, splitOn: PostgresErrors.IsWorthSplitting);
    }

    /// <summary>Whether the row was written now; false when the request has one already, which is then announced no second time.</summary>
    public Task<bool> RecordAsync(UsageRow row) => _batcher.SubmitAsync(row, CancellationToken.None);

    private async Task<IReadOnlyList<bool>> FlushAsync(IReadOnlyList<UsageRow> rows)
    {
        var startedAt = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return await WriteAsync(rows);
            }
            catch (NpgsqlException exception) when (exception.IsTransient && _time.GetElapsedTime(startedAt) < RetryLimit)
            {
                // A connection that broke while it was idle, or a commit whose answer was lost: the primary key makes the repeat harmless.
                await Task.Delay(RetryDelay, _time);
            }
        }
    }

    private async Task<IReadOnlyList<bool>> WriteAsync(IReadOnlyList<UsageRow> rows)
    {
        await using var connection = await _db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var inserted = new HashSet<Guid>();
        await using (var command = new NpgsqlCommand(Insert, connection, transaction))
        {
            AddParameters(command.Parameters, rows);
            // Not left to the pool: a row that fails while the driver prepares a statement by itself would break the next batch on that
            // connection as well (https://github.com/npgsql/npgsql/issues/6391).
            await command.PrepareAsync();
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) inserted.Add(reader.GetGuid(0));
        }

        // An id that stands twice in one batch is written, and answered, once.
        var announced = rows.Select(row => inserted.Remove(row.RequestId)).ToArray();
        var written = rows.Where((_, i) => announced[i]).ToList();
        await Outbox.StageAsync(connection, transaction, written.ConvertAll(row => row.ToMessage()), CancellationToken.None);
        await Outbox.StageAsync(connection, transaction, written.Select(row => row.ToRefusal()).OfType<CallRefused>().ToList(), CancellationToken.None);
        await transaction.CommitAsync();
        _outbox.Poke();
        return announced;
    }

    private static void AddParameters(NpgsqlParameterCollection parameters, IReadOnlyList<UsageRow> rows)
    {
        Add(NpgsqlDbType.Uuid, row => row.RequestId);
        Add(NpgsqlDbType.Uuid, row => row.AccountId);
        Add(NpgsqlDbType.Uuid, row => row.KeyId);
        Add(NpgsqlDbType.Text, row => row.Model);
        Add(NpgsqlDbType.Text, row => row.Provider);
        Add(NpgsqlDbType.Uuid, row => row.ChannelId);
        Add(NpgsqlDbType.Text, row => row.UpstreamModel);
        Add(NpgsqlDbType.Text, row => NameOf(row.EndCause));
        Add(NpgsqlDbType.Boolean, row => row.ProviderAccepted);
        Add(NpgsqlDbType.Boolean, row => row.Streamed);
        Add(NpgsqlDbType.Integer, row => row.Tokens.Input);
        Add(NpgsqlDbType.Integer, row => row.Tokens.Output);
        Add(NpgsqlDbType.Integer, row => row.Tokens.CachedInput);
        Add(NpgsqlDbType.Boolean, row => row.Tokens.Estimated);
        Add(NpgsqlDbType.TimestampTz, row => row.StartedAt.UtcDateTime);
        Add(NpgsqlDbType.TimestampTz, row => row.EndedAt.UtcDateTime);
        Add(NpgsqlDbType.Integer, row => row.Tokens.AudioInput);
        Add(NpgsqlDbType.Integer, row => row.Tokens.Reasoning);
        Add(NpgsqlDbType.Integer, row => row.Tokens.AudioOutput);
        Add(NpgsqlDbType.Integer, row => row.Tokens.CacheWrite);
        Add(NpgsqlDbType.Boolean, row => row.OwnKey);

        void Add<T>(NpgsqlDbType type, Func<UsageRow, T> column) =>
            parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(column)], NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static string NameOf(EndCause cause) => JsonNamingPolicy.SnakeCaseLower.ConvertName(cause.ToString());

    private const string Insert = """
        insert into usage_records (request_id, account_id, key_id, model, provider, channel_id, upstream_model, end_cause, provider_accepted,
            streamed, input_tokens, output_tokens, cached_input_tokens, estimated, started_at, ended_at, audio_input_tokens, reasoning_tokens, audio_output_tokens,
            cache_write_tokens, own_key)
        select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        on conflict (request_id) do nothing
        returning request_id
        """;
}
