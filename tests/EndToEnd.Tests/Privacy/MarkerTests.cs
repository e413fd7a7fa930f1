using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.EndToEnd.Tests.Privacy;

/// <summary>What customers and providers say is found nowhere once it has been said, however the calls went. Nothing else runs meanwhile.</summary>
[Collection(nameof(MarkerTests))]
[CollectionDefinition(nameof(MarkerTests), DisableParallelization = true)]
public sealed class MarkerTests(Suite suite)
{
    private static readonly string[] Services = ["accounts", "adapters", "billing", "gateway", "moderation"];

    [Fact]
    public async Task What_is_said_in_any_call_is_in_no_log_table_message_trace_metric_or_file()
    {
        var marker = Marker.New();
        var model = await suite.ModelAsync("echo");
        var modelName = Marker.Of(model);
        suite.Telemetry.Watch(marker, modelName);
        await using var tap = await BrokerTap.OpenAsync(suite, marker, modelName);
        await using var parrot = await RawProvider.StartAsync(Parrot.AnswerAsync);
        var (account, key) = await suite.CustomerAsync(10_000_000_000);
        await using var calls = new MarkedCalls(suite, marker, parrot, model, key);

        await calls.AnsweredAsync();
        await calls.RefusedAsync();
        await calls.FailedAsync();
        await calls.UnservedAsync();
        await Eventually.Equal(0L, () => HeldAsync(account), TimeSpan.FromSeconds(200));
        var before = suite.Telemetry.Exports.Values.Sum();
        foreach (var service in Services) await suite.RestartAsync(service); // whoever stops sends the rest of its telemetry first

        Assert.Equal(ExpectedOutcomes.All, calls.Outcomes);
        await AssertFoundAsync(modelName, tap);
        Assert.True(suite.Telemetry.Exports.Values.Sum() > before);
        var places = await PlacesOfAsync(marker, tap);
        Assert.True(places.Length == 0, $"The marker is in\n{string.Join('\n', places)}");
    }

    /// <summary>What is held for an account, micropoints: nothing once all its calls have ended.</summary>
    private async Task<long> HeldAsync(string account)
    {
        await using var db = NpgsqlDataSource.Create(suite.BillingDb);
        await using var command = db.CreateCommand("select held_micropoints from ledger_accounts where id = $1");
        command.Parameters.Add(new() { Value = Guid.Parse(account) });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The same search finds what there is: the name of the model, which is no secret.</summary>
    private async Task AssertFoundAsync(Marker name, BrokerTap tap)
    {
        var places = await PlacesOfAsync(name, tap);
        foreach (var expected in new[] { "table billingdb.public.holds", "table adaptersdb.public.usage_records", "exchange billing.events", "telemetry: metrics of adapters", "file " })
            Assert.True(Array.Exists(places, place => place.StartsWith(expected, StringComparison.Ordinal)), $"{expected} is not among\n{string.Join('\n', places)}");
        Assert.All(Services, service => Assert.All(new[] { "traces", "metrics", "logs" }, signal => Assert.Contains($"{service} {signal}", suite.Telemetry.Exports.Keys)));
        Assert.All(await suite.LogsAsync(), log => Assert.NotEmpty(log.Value));
    }

    private async Task<string[]> PlacesOfAsync(Marker marker, BrokerTap tap) =>
    [
        .. (await suite.LogsAsync()).Where(log => marker.IsIn(log.Value)).Select(log => $"log of {log.Key}"),
        .. (await StoredRows.PlacesOfAsync(suite, marker)).Select(table => $"table {table}"),
        .. await tap.PlacesOfAsync(marker),
        .. suite.Telemetry.PlacesOf(marker).Select(place => $"telemetry: {place}"),
        .. WrittenFiles.PlacesOf(suite, marker).Select(file => $"file {file}"),
    ];
}
