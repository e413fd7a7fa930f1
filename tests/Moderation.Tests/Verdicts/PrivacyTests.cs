using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts.Moderation;

namespace Aigc2d.Moderation.Tests.Verdicts;

/// <summary>Text that was screened is found nowhere afterwards.</summary>
public sealed class PrivacyTests(ModerationFixture moderation)
{
    private const string Marker = "zebra-quince-4711";

    [Fact]
    public async Task A_marker_in_texts_is_in_no_log_span_metric_or_table()
    {
        await using var service = await moderation.StartAsync();
        var told = new ConcurrentBag<string>();
        using var spans = Listen(told);
        using var metrics = ListenToMetrics(told);
        var owner = ModerationFixture.OwnerOf(service);
        var blocked = ModerationFixture.Prompt($"{Marker} {ModerationFixture.Blocked} {Marker}", Marker) with { EndUser = Marker };
        var reviewed = ModerationFixture.Prompt($"{Marker} {ModerationFixture.Unsafe("deception")}") with { EndUser = Marker };
        await Policies.PolicyCalls.PutAsync(service, """[{"category":"deception","stage":"prompt","action":"review","reason":"a try"}]""");

        await ModerationFixture.ScreenAsync(service, reviewed, ModerationFixture.Prompt(Marker), ModerationFixture.Prompt($"{Marker} I want to die"), blocked, blocked with { Stage = ScreeningStage.Output, RequestId = Guid.CreateVersion7() });
        await ModerationFixture.VerdictOfAsync(owner, blocked.RequestId);
        await Policies.PolicyCalls.PreviewAsync(service, """[{"category":"deception","stage":"prompt","reason":"back"}]""");
        await ExecuteAsync(owner, "alter table verdicts rename to verdicts_away");
        await ModerationFixture.ScreenAsync(service, blocked with { RequestId = Guid.CreateVersion7() });
        await SendAsync(service, $$"""{"screenings":[{"texts":["{{Marker}} """);
        await SendAsync(service, $$"""{"screenings":[{"requestId":"{{Marker}}","texts":["{{Marker}}"]}]}""");
        await SendAsync(service, $"{Marker}");
        await ExecuteAsync(owner, "alter table verdicts_away rename to verdicts");

        foreach (var table in await ModerationFixture.RowsAsync(owner, "select tablename from pg_tables where schemaname = 'public'"))
        {
            var name = JsonDocument.Parse(table).RootElement.GetProperty("tablename").GetString();
            foreach (var row in await ModerationFixture.RowsAsync(owner, $"select * from {name}")) told.Add(row);
        }

        Assert.Contains(told, t => t.Contains("illegal.explosive.how", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Contains("\"action\": \"review\"", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Contains("\"any_bucket\": ", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Contains("/internal/screenings", StringComparison.Ordinal));
        Assert.Contains(told, t => t.Contains("action=block", StringComparison.Ordinal));
        Assert.DoesNotContain(told, t => Tells(t));
        Assert.False(Tells(service.Logs.ToString()));
    }

    private static bool Tells(string text) =>
        text.Contains(Marker, StringComparison.OrdinalIgnoreCase) || text.Contains("quince", StringComparison.OrdinalIgnoreCase) || text.Contains("pipe bomb", StringComparison.OrdinalIgnoreCase);

    private static async Task SendAsync(TestKit.ServiceUnderTest service, string body)
    {
        using var response = await service.Client.PostAsync(new Uri("/internal/screenings", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.False(Tells(await response.Content.ReadAsStringAsync()));
    }

    private static async Task ExecuteAsync(Npgsql.NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static ActivityListener Listen(ConcurrentBag<string> told)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                told.Add(activity.DisplayName);
                foreach (var (name, value) in activity.TagObjects) told.Add($"{name}={value}");
                foreach (var tag in activity.Events.SelectMany(e => e.Tags)) told.Add($"{tag.Key}={tag.Value}");
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener ListenToMetrics(ConcurrentBag<string> told)
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, l) => l.EnableMeasurementEvents(instrument) };
        void Keep(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (name, value) in tags) told.Add($"{name}={value}");
        }

        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Keep(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Keep(tags));
        listener.Start();
        return listener;
    }
}
