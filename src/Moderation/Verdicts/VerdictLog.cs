using System.Diagnostics.Metrics;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Moderation.Policies;
using Aigc2d.Moderation.Rules;
using Aigc2d.Moderation.Screenings;
using Aigc2d.ServiceDefaults.Batching;
using Aigc2d.ServiceDefaults.Postgres;
using Npgsql;

namespace Aigc2d.Moderation.Verdicts;

/// <summary>
/// Records blocks and reviews behind the answer. The decision is made in memory and never waits for the database: while it is away, blocked texts stay blocked, allowed
/// ones stay allowed, and rows wait here. What waits longer than ten minutes, exceeds the queue or is lost with the process was still blocked; it leaves no
/// row and gives no strike, and is counted.
/// </summary>
internal sealed class VerdictLog : IHostedService, IDisposable
{
    private static readonly TimeSpan RetryFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(5);

    private readonly VerdictTable _table;
    private readonly EvidenceHash _evidence;
    private readonly RuleSet _rules;
    private readonly string? _model;
    private readonly TimeProvider _time;
    private readonly ILogger<VerdictLog> _logger;
    private readonly Counter<long> _lost;
    private readonly Batcher<VerdictRow, bool> _batcher;
    private readonly CancellationTokenSource _stopping = new();
    private int _pending;

    public VerdictLog(NpgsqlDataSource db, EvidenceHash evidence, TextScreener screener, TimeProvider time, IMeterFactory meters, ILogger<VerdictLog> logger)
    {
        (_table, _evidence, _rules, _model, _time, _logger) = (new VerdictTable(db), evidence, screener.Rules, screener.Model?.Version, time, logger);
        _lost = meters.Create("Aigc2d.Moderation.Verdicts").CreateCounter<long>("aigc2d.moderation.verdicts.lost", "{verdict}", "Blocks and reviews that could not be recorded.");
        _batcher = new Batcher<VerdictRow, bool>(WriteAsync, new BatcherOptions { MaxItems = 500 }, splitOn: PostgresErrors.IsWorthSplitting);
    }

    public void Record(Screening screening, Judgement judgement, StagePolicy policy) =>
        Record(screening, judgement, policy, _model, _evidence.Of(screening.Texts[judgement.Findings[0].Text]));

    /// <summary>Records what was decided about an image, which no classifier of ours has seen.</summary>
    public void RecordImage(Screening screening, Judgement judgement, StagePolicy policy, string imageHash) => Record(screening, judgement, policy, null, imageHash);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Gives what is under way a few seconds.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (Volatile.Read(ref _pending) > 0 && _time.GetElapsedTime(started) < FarewellPatience && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), _time, CancellationToken.None);
        await _stopping.CancelAsync();
    }

    public void Dispose() => _stopping.Dispose();

    private void Record(Screening screening, Judgement judgement, StagePolicy policy, string? model, string contentHash)
    {
        var row = VerdictRow.Of(screening, judgement, policy, _rules.Version, _time.GetUtcNow());
        _ = RecordAsync(row with
        {
            Scores = model is null ? null : row.Scores,
            Unsafe = model is null ? null : row.Unsafe,
            Language = model is null ? null : row.Language,
            ModelVersion = model,
            ContentHash = contentHash,
            EndUserHash = screening.EndUser is { Length: > 0 } endUser ? _evidence.OfEndUser(screening.AccountId, endUser) : null,
        });
    }

    private async Task RecordAsync(VerdictRow row)
    {
        Interlocked.Increment(ref _pending);
        try
        {
            await _batcher.SubmitAsync(row);
        }
        catch (Exception exception)
        {
            _lost.Add(1);
            _logger.LogError("The verdict on request {RequestId} could not be recorded: {Reason}", row.RequestId, exception.GetType().Name);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    private async Task<IReadOnlyList<bool>> WriteAsync(IReadOnlyList<VerdictRow> rows)
    {
        for (var (started, pause) = (_time.GetTimestamp(), ShortestPause); ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await _table.WriteAsync(rows);
                return new bool[rows.Count];
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException && !IsRowAtFault(exception, rows) && _time.GetElapsedTime(started) < RetryFor)
            {
                _logger.LogWarning("Verdicts could not be recorded yet: {Reason}", exception.GetType().Name);
                await Task.Delay(pause * Random.Shared.NextDouble() + ShortestPause, _time, _stopping.Token);
            }
        }
    }

    // Several rows are halved by the batcher; a single one is given up only when its own data are refused.
    private static bool IsRowAtFault(Exception exception, IReadOnlyList<VerdictRow> rows) =>
        rows.Count > 1 ? PostgresErrors.IsWorthSplitting(exception) : exception is PostgresException { SqlState: ['2', '2' or '3', ..] };
}
