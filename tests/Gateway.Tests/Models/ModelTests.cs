using Aigc2d.Gateway.Tests.Stands;

namespace Aigc2d.Gateway.Tests.Models;

public sealed class ModelTests
{
    private const string Mini = """{"id":"gpt-4o-mini","object":"model","created":1767323045,"owned_by":"openai","type":"model","display_name":"gpt-4o-mini","created_at":"2026-01-02T03:04:05Z"}""";
    private const string Slash = """{"id":"org/m","object":"model","created":1767323045,"owned_by":"openai","type":"model","display_name":"org/m","created_at":"2026-01-02T03:04:05Z"}""";

    [Fact]
    public async Task The_list_has_what_is_priced_and_routed_and_allowed_to_the_key()
    {
        await using var edge = await Edge.StartAsync();
        Offer(edge);
        Assert.Equal($$"""{"object":"list","data":[{{Mini}},{{Slash}}],"has_more":false,"first_id":"gpt-4o-mini","last_id":"org/m"}""", await ListAsync(edge, null));
        Assert.Equal($$"""{"object":"list","data":[{{Slash}}],"has_more":false,"first_id":"org/m","last_id":"org/m"}""", await ListAsync(edge, ["org/m", "unpriced"]));
        Assert.Equal("""{"object":"list","data":[],"has_more":false,"first_id":null,"last_id":null}""", await ListAsync(edge, []));
    }

    [Theory]
    [InlineData("gpt-4o-mini", Mini)]
    [InlineData("org%2Fm", Slash)]
    [InlineData("org%2fm", Slash)]
    public async Task One_model_is_found_by_its_encoded_name(string id, string expected)
    {
        await using var edge = await Edge.StartAsync();
        Offer(edge);
        using var answer = await edge.SendAsync(HttpMethod.Get, $"/v1/models/{id}", edge.Customer().Key);
        Assert.Equal((200, expected), ((int)answer.StatusCode, await answer.TextAsync()));
    }

    [Theory]
    [InlineData("unpriced", "unpriced")]
    [InlineData("unrouted", "unrouted")]
    [InlineData("forbidden", "forbidden")]
    [InlineData("%E6%A8%A1", "模")]
    public async Task A_model_the_key_may_not_call_is_404(string id, string name)
    {
        await using var edge = await Edge.StartAsync();
        Offer(edge);
        using var answer = await edge.SendAsync(HttpMethod.Get, $"/v1/models/{id}", edge.Customer(p => p with { Models = ["gpt-4o-mini", "unpriced", "unrouted"] }).Key);
        await answer.AssertOpenAiErrorAsync(404, "invalid_request_error", "model_not_found", $"The model '{name}' does not exist or is not offered. GET /v1/models lists what your key may call.", "model");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_Billing_or_ProviderAdapters_the_list_is_503(bool billing)
    {
        await using var edge = await Edge.StartAsync();
        (billing ? (StandIn)edge.Siblings.Billing : edge.Siblings.Adapters).IsDown = true;
        using var answer = await edge.SendAsync(HttpMethod.Get, "/v1/models", edge.Customer().Key);
        await answer.AssertOpenAiErrorAsync(503, "server_error", "service_unavailable", "The service is briefly unavailable; nothing was charged. Try again.");
    }

    private static void Offer(Edge edge)
    {
        edge.Siblings.Billing.PricedModels = ["gpt-4o-mini", "org/m", "unrouted", "forbidden"];
        edge.Siblings.Adapters.RoutedModels = [AdaptersStandIn.Routed("org/m"), AdaptersStandIn.Routed("gpt-4o-mini") with { Available = false }, AdaptersStandIn.Routed("unpriced")];
    }

    private static async Task<string> ListAsync(Edge edge, string[]? models)
    {
        using var answer = await edge.SendAsync(HttpMethod.Get, "/v1/models", edge.Customer(p => p with { Models = models }).Key);
        return await answer.TextAsync();
    }
}
