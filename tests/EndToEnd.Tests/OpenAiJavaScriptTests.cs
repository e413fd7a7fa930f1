using System.Diagnostics;
using System.Text.Json;
using Aigc2d.TestKit;

namespace Aigc2d.EndToEnd.Tests;

/// <summary>The official JavaScript client with nothing but base URL and key changed.</summary>
public sealed class OpenAiJavaScriptTests(Suite suite)
{
    [Theory]
    [InlineData("plain")]
    [InlineData("stream")]
    [InlineData("streamWithUsage")]
    public async Task A_chat_answers_and_is_charged_once(string scenario)
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);
        var model = await suite.ModelAsync("chunks=8,input=11,output=9");

        var seen = await RunAsync(scenario, model, key);

        Assert.NotEqual("", seen.GetProperty("text").GetString());
        Assert.Equal("stop", seen.GetProperty("finish").GetString());

        // A stream shows its usage only to who asked for it; charged it is either way.
        Assert.Equal(scenario == "stream" ? JsonValueKind.Null : JsonValueKind.Object, seen.GetProperty("usage").ValueKind);
        await Charges.AssertOneAsync(suite, account, 11, 9, "completed");
    }

    [Theory, InlineData("text-embedding-3-small", 1_536), InlineData("embedding-v1", 384)]
    public async Task Embeddings_have_the_models_length_and_the_same_numbers_in_both_encodings(string model, int length)
    {
        var (_, key) = await suite.CustomerAsync(10_000_000);

        var seen = await RunAsync("embeddings", model, key);

        Assert.Equal($"[{length},{length}]", seen.GetProperty("lengths").GetRawText());
        Assert.True(seen.GetProperty("same").GetBoolean());
    }

    [Fact]
    public async Task Models_are_listed_and_found()
    {
        var (_, key) = await suite.CustomerAsync(0);
        var model = await suite.ModelAsync();

        var seen = await RunAsync("models", model, key);

        Assert.Contains(model, seen.GetProperty("ids").EnumerateArray().Select(id => id.GetString()));
    }

    [Theory]
    [InlineData("no-such-model", 10_000_000, "NotFoundError", 404, "model_not_found")]
    [InlineData(null, 0, "APIError", 402, "insufficient_quota")]
    public async Task A_refusal_has_the_clients_own_error_class(string? model, long micropoints, string error, int status, string code)
    {
        var (_, key) = await suite.CustomerAsync(micropoints);

        var seen = await RunAsync("plain", model ?? await suite.ModelAsync(), key);

        Assert.Equal((error, status, code), (seen.GetProperty("error").GetString(), seen.GetProperty("status").GetInt32(), seen.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_stream_whose_provider_breaks_off_is_noticed_by_the_client_and_free()
    {
        var (account, key) = await suite.CustomerAsync(10_000_000);

        var seen = await RunAsync("stream", await suite.ModelAsync("chunks=20,cut=10,interval=20ms"), key);

        Assert.True(seen.TryGetProperty("error", out _), seen.GetRawText());
        await Eventually.Equal((10_000_000, 0), () => suite.PointsOfAsync(account));
    }

    private async Task<JsonElement> RunAsync(string scenario, string model, string key)
    {
        var start = new ProcessStartInfo("node", ["chat.mjs", scenario, model])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/EndToEnd.Tests/clients"),
            RedirectStandardOutput = true,
            Environment = { ["AIGC2D_BASE_URL"] = suite.BaseUrl, ["AIGC2D_API_KEY"] = key },
        };
        using var node = Process.Start(start)!;
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return JsonSerializer.Deserialize<JsonElement>(output);
    }
}
