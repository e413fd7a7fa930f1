using System.Text.Json;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.TestKit;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Calls;

/// <summary>What customers and providers say is found nowhere after the call: not in the log, not in a table.</summary>
public sealed class PrivacyTests(AdaptersFixture fixture)
{
    [Fact]
    public async Task A_marker_in_prompt_and_answer_is_found_in_no_log_and_no_table()
    {
        var marker = $"marker{Guid.CreateVersion7():N}";
        var adapters = await fixture.StartAsync(new() { ["Logging:LogLevel:Default"] = "Trace", ["Calls:FirstByteLimit"] = "00:00:00.500" });
        string[] scripts =
        [
            "echo", "echo,filter", "echo,cut=1,chunks=3", "echo,garbage=1", "echo,errorframe=1", "echo,usage=negative", "echo,end=1", "status=400", "status=401", "status=500", "hang",
        ];

        var calls = 0L;
        foreach (var script in scripts)
        {
            var model = await adapters.ModelAsync(script);
            foreach (var stream in new[] { false, true })
            {
                await AskAsync(TestCall.Of(model, stream, text: marker));
                await AskAsync(TestCall.Of(model, stream, text: $"{marker} {Peers.Blocked}"));
            }
        }

        foreach (var status in new[] { 400, 401, 404, 429, 500 })
        {
            await using var parrot = await RawUpstream.StartAsync(async http =>
            {
                http.Response.StatusCode = status;
                await http.Response.WriteAsJsonAsync(new { error = new { message = $"Cannot do this: {await new StreamReader(http.Request.Body).ReadToEndAsync()}", type = "some_error" } });
            });
            var model = new TestModel($"parrot-{status}", "parrot", "parrot");
            await adapters.ChannelAsync(parrot.BaseAddress, model);
            foreach (var stream in new[] { false, true }) await AskAsync(TestCall.Of(model, stream, text: marker));
        }

        await AskAsync(new TestCall("unknown-model", JsonSerializer.Serialize(new { model = "unknown-model", x = marker })));
        await AskAsync(new TestCall("unknown-model", $"{{\"broken\":\"{marker}"));

        await Eventually.Equal(calls, async () => (long)(await adapters.ExecuteAsync("select count(*) from usage_records"))!);
        Assert.Equal(0L, await adapters.ExecuteAsync($"select count(*) from usage_records u where u::text like '%{marker}%'"));
        Assert.Equal(0L, await adapters.ExecuteAsync($"select count(*) from outbox_messages o where o::text like '%{marker}%'"));
        Assert.DoesNotContain(marker, adapters.Service.Logs.ToString(), StringComparison.Ordinal);

        async Task AskAsync(TestCall call)
        {
            await adapters.AskAsync(call);
            calls++;
        }
    }
}
