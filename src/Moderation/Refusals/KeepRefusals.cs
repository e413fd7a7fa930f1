using System.Diagnostics.Metrics;
using Aigc2d.Contracts.Providers;
using MassTransit;
using Npgsql;

namespace Aigc2d.Moderation.Refusals;

/// <summary>
/// Keeps refusals by providers' content rules. They are signals for people who review an account; no account is blamed for them alone, because each
/// provider has rules of its own.
/// </summary>
internal sealed class KeepRefusals(NpgsqlDataSource db, IMeterFactory meters) : IConsumer<CallRefused>
{
    public const string Queue = "moderation.call-refused";

    private readonly RefusalTable _table = new(db);
    private readonly Counter<long> _refusals = meters.Create("Aigc2d.Moderation.Refusals").CreateCounter<long>("aigc2d.moderation.refusals", "{call}", "Calls that a provider's content rules refused or ended, by source and category.");

    public async Task Consume(ConsumeContext<CallRefused> context)
    {
        var refused = context.Message;
        if (await _table.KeepAsync(refused, context.CancellationToken))
            _refusals.Add(1, new("source", RefusalTable.SourceOf(refused)), new("category", RefusalCategories.Of(refused.RefusedFor) ?? CallRefused.Unspecified));
    }
}
