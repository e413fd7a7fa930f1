using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Aigc2d.ServiceDefaults.Postgres;

/// <summary>Makes the coming months' partitions of a table that is partitioned by request id, at start and daily.</summary>
public sealed class KeepMonthlyPartitions(string table, NpgsqlDataSource maintenance, TimeProvider time, ILogger<KeepMonthlyPartitions> logger) : BackgroundService
{
    /// <summary>So many months are ready before they begin: a service may be away for long before a row meets no partition.</summary>
    private const int MonthsAhead = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);

    /// <summary>Makes what is missing and answers how many partitions that were.</summary>
    public async Task<int> KeepAsync(CancellationToken ct)
    {
        await using var command = maintenance.CreateCommand("select keep_monthly_partitions($1, $2)");
        command.Parameters.Add(new() { Value = table });
        command.Parameters.Add(new() { Value = MonthsAhead });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Before the service listens: a row that is on its way while its month is being made would be refused by the default partition.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryKeepAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isKept = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(isKept ? Interval : AfterFault, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested) isKept = await TryKeepAsync(stoppingToken);
        }
    }

    private async Task<bool> TryKeepAsync(CancellationToken ct)
    {
        try
        {
            if (await KeepAsync(ct) is var made and > 0) logger.LogInformation("Made {Count} monthly partitions of {Table}", made, table);
            return true;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            logger.LogWarning("The partitions of {Table} could not be made and are tried again; until then rows go to its default partition: {Reason}", table, exception.Message);
            return false;
        }
    }
}

/// <summary>Adds the upkeep of a partitioned table to a service that has a database.</summary>
public static class MonthlyPartitionExtensions
{
    public static void AddMonthlyPartitions(this WebApplicationBuilder builder, string table) =>
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<KeepMonthlyPartitions>(
            services, table, services.GetRequiredKeyedService<NpgsqlDataSource>(PostgresExtensions.Maintenance)));
}
