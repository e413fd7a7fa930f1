using Npgsql;

namespace Aigc2d.Billing.Forfeitures;

/// <summary>Takes the steps that only wait for time: seals when the last call of a banned account has ended, posts when its appeal window has passed.</summary>
internal sealed class AdvanceForfeitures(NpgsqlDataSource db, ForfeitureLedger forfeitures, TimeProvider time, ILogger<AdvanceForfeitures> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await AdvanceAllAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("Forfeitures could not be looked at and are tried again: {Reason}", exception.Message);
            }

            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    /// <summary>Takes every step that is due; one that fails stops no other.</summary>
    public async Task AdvanceAllAsync(CancellationToken ct)
    {
        foreach (var (id, accountId) in await DueAsync(ct))
        {
            try
            {
                await forfeitures.AdvanceAsync(id, accountId, ct);
            }
            catch (NpgsqlException exception)
            {
                logger.LogWarning("Forfeiture {Forfeiture} could not go on and is tried again: {Reason}", id, exception.Message);
            }
        }
    }

    private async Task<List<(Guid Id, Guid AccountId)>> DueAsync(CancellationToken ct)
    {
        var due = new List<(Guid, Guid)>();
        await using var command = db.CreateCommand(Due);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) due.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return due;
    }

    private const string Due = """
        select f.id, f.account_id from forfeitures f join ledger_accounts a on a.id = f.account_id where f.state = 'ordered' and a.held_micropoints = 0
        union all
        select f.id, f.account_id from forfeitures f where f.state = 'sealed' and f.appeal_until <= ledger_now()
            and not exists (select from forfeiture_reversals r where r.forfeiture_id = f.id and r.state = 'pending')
        order by id
        """;
}
