using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aigc2d.Billing.Prices;
using static Aigc2d.Billing.Tests.BillingFixture;

namespace Aigc2d.Billing.Tests.Prices;

/// <summary>What tests of prices ask of the admin route.</summary>
internal static class PriceDesk
{
    /// <summary>Every kind of rate but tokens, and the published task prices.</summary>
    public const string Kinds = """
        "micropointsPerSecond":150000,"micropointsPer1kCharacters":15000000,"images":{"1024x1024":40000000,"1024x1024/hd":80000000},
        "tasks":{"imagine":100000000,"upscale":10000000,"variation":50000000,"describe":50000000,"blend":100000000,"reroll":100000000},
        "diffusion":{"base":5,"perControlNetUnit":6,"micropointsPerUnit":400000,"roundToMicropoints":1000000}
        """;

    /// <summary>Rates of tokens, each detail with one of its own.</summary>
    public const string Tokens = """
        "inputMicropointsPer1k":6000000,"outputMicropointsPer1k":8000000,"cachedInputMicropointsPer1k":3000000,"cacheWriteMicropointsPer1k":7500000,
        "audioInputMicropointsPer1k":60000000,"imageInputMicropointsPer1k":9000000,"reasoningMicropointsPer1k":16000000,"audioOutputMicropointsPer1k":80000000,
        "imageOutputMicropointsPer1k":40000000,"contextTokens":4096,"maxOutputTokens":2048,"holdOutputTokens":1024
        """;

    public static readonly DiffusionRate Diffusion = new() { Base = 5, PerControlNetUnit = 6, MicropointsPerUnit = 400_000, RoundToMicropoints = 1_000_000 };

    /// <summary>A new model with these members of a price row.</summary>
    public static async Task<string> ModelAsync(this BillingFixture billing, params string[] members)
    {
        var model = $"model-{Guid.CreateVersion7()}";
        await billing.PutAsync(model, members);
        return model;
    }

    public static async Task PutAsync(this BillingFixture billing, string model, params string[] members)
    {
        var (status, body) = await billing.TryPutAsync($$"""[{"model":{{JsonSerializer.Serialize(model)}},{{string.Join(',', members)}}}]""");
        Assert.True(status == 200, body);
    }

    public static async Task<(int Status, string Body)> TryPutAsync(this BillingFixture billing, string body, string? contentType = "application/json")
    {
        using var request = Admin(HttpMethod.Put, "/admin/prices");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var answer = await billing.Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task<JsonElement> GetAsync(this BillingFixture billing, string path) => await billing.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    public static Task<string> TextAsync(this BillingFixture billing, string path) => billing.Client.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>The faults of a refused body, by field.</summary>
    public static Dictionary<string, string> ErrorsOf(string problem) =>
        JsonDocument.Parse(problem).RootElement.GetProperty("errors").EnumerateObject().ToDictionary(error => error.Name, error => error.Value[0].GetString()!);
}
