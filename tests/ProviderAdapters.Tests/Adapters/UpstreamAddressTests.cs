using System.Net;
using System.Text;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Tests.OpenAi;

public sealed class UpstreamAddressTests
{
    private static readonly ChannelModel Model = new("gpt-4o", "my deploy@x=1");

    [Theory]
    [InlineData("https://api.openai.com", "https://api.openai.com/v1/chat/completions")]
    [InlineData("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions")]
    [InlineData("https://api.openai.com/V1/", "https://api.openai.com/V1/chat/completions")]
    [InlineData("https://host/api/paas/v4", "https://host/api/paas/v4/chat/completions")]
    [InlineData("https://host/compatible-mode/v1", "https://host/compatible-mode/v1/chat/completions")]
    [InlineData("https://host/v1beta/openai/", "https://host/v1beta/openai/chat/completions")]
    [InlineData("https://host/api/v3", "https://host/api/v3/chat/completions")]
    [InlineData("https://host/openai", "https://host/openai/v1/chat/completions")]
    [InlineData("https://host/v1/chat/completions", "https://host/v1/chat/completions")]
    [InlineData("http://127.0.0.1:8000/prefix", "http://127.0.0.1:8000/prefix/v1/chat/completions")]
    [InlineData("https://v1.host/vision", "https://v1.host/vision/v1/chat/completions")]
    public void A_base_that_names_a_version_is_used_as_it_is(string baseUrl, string address) => Assert.Equal((new Uri(address), false), Of(baseUrl));

    [Theory]
    [InlineData("https://x.openai.azure.com", "https://x.openai.azure.com/openai/v1/chat/completions")]
    [InlineData("https://x.openai.azure.com/openai/", "https://x.openai.azure.com/openai/v1/chat/completions")]
    [InlineData("https://x.openai.azure.com/openai/v1", "https://x.openai.azure.com/openai/v1/chat/completions")]
    [InlineData("https://x.services.ai.azure.com/openai/v1?api-version=2025-04-01-preview", "https://x.services.ai.azure.com/openai/v1/chat/completions?api-version=2025-04-01-preview")]
    [InlineData("https://x.openai.azure.com?api-version=2024-10-21", "https://x.openai.azure.com/openai/deployments/my%20deploy%40x%3D1/chat/completions?api-version=2024-10-21")]
    [InlineData("https://x.openai.azure.com/openai?api-version=2024-10-21", "https://x.openai.azure.com/openai/deployments/my%20deploy%40x%3D1/chat/completions?api-version=2024-10-21")]
    [InlineData("https://proxy/azure/openai/deployments", "https://proxy/azure/openai/deployments/my%20deploy%40x%3D1/chat/completions?api-version=2024-10-21")]
    [InlineData("https://proxy/openai/deployments/fixed?api-version=2025-01-01-preview", "https://proxy/openai/deployments/fixed/chat/completions?api-version=2025-01-01-preview")]
    [InlineData("https://proxy/openai/deployments/fixed/chat/completions?api-version=2025-01-01-preview", "https://proxy/openai/deployments/fixed/chat/completions?api-version=2025-01-01-preview")]
    [InlineData("https://proxy?api-version=2025-01-01-preview", "https://proxy/openai/deployments/my%20deploy%40x%3D1/chat/completions?api-version=2025-01-01-preview")]
    public void Azure_is_known_by_its_host_its_path_or_its_dated_version(string baseUrl, string address) => Assert.Equal((new Uri(address), true), Of(baseUrl));

    [Theory]
    [InlineData("https://api.openai.com", "https://api.openai.com/v1/embeddings")]
    [InlineData("https://host/v1/chat/completions", "https://host/v1/embeddings")]
    [InlineData("https://host/v1/embeddings", "https://host/v1/embeddings")]
    [InlineData("https://x.openai.azure.com", "https://x.openai.azure.com/openai/v1/embeddings")]
    [InlineData("https://proxy/openai/deployments/fixed/chat/completions?api-version=2025-01-01-preview", "https://proxy/openai/deployments/fixed/embeddings?api-version=2025-01-01-preview")]
    public void Another_route_has_the_same_beginning(string baseUrl, string address) => Assert.Equal(new Uri(address), Of(baseUrl, UpstreamAddress.Embeddings).Address);

    [Theory]
    [InlineData("https://qianfan.baidubce.com", "https://qianfan.baidubce.com/v2/chat/completions")]
    [InlineData("https://qianfan.baidubce.com/v2/", "https://qianfan.baidubce.com/v2/chat/completions")]
    public void Another_family_has_another_version(string baseUrl, string address) => Assert.Equal(new Uri(address), UpstreamAddress.Of(new Uri(baseUrl), "v2", UpstreamAddress.Chat));

    [Theory]
    [InlineData(
        """{"error":{"message":"The response was filtered, see https://go.x","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true,"severity":"high"},"jailbreak":{"filtered":false},"violence":{"filtered":true},"o dd":{"filtered":true},"x":1}}}}""",
        "The provider's content filter refused the prompt (hate, violence). You are not charged. Change the prompt.",
        "hate,violence")]
    [InlineData("""{"error":{"message":"m","code":"content_filter"}} trailing""", "The provider's content filter refused the prompt. You are not charged. Change the prompt.", null)]
    [InlineData(
        """{"error":{"message":"m","code":"content_filter","innererror":{"content_filter_result":{"zebra-quince":{"filtered":true}}}}}""",
        "The provider's content filter refused the prompt (zebra-quince). You are not charged. Change the prompt.", null)]
    public void The_content_filter_of_Azure_is_the_callers_matter(string body, string message, string? refusedFor) => Assert.Equal(
        new ProviderFault(FaultScope.Call, CallFailure.InvalidRequest, 400, new ClientError(message, "invalid_request_error", "messages", "content_policy_violation")) { RefusedFor = refusedFor },
        UpstreamError.Judge(HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes(body), Channel("https://x.openai.azure.com"), Model));

    [Theory]
    [InlineData(401, """{"error":{"code":"401","message":"Access denied due to invalid subscription key"}}""", nameof(FaultScope.Account), 502)]
    [InlineData(404, """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}""", nameof(FaultScope.Model), 502)]
    [InlineData(429, """{"error":{"code":"429","message":"Requests have exceeded the token rate limit of your current pricing tier."}}""", nameof(FaultScope.Limit), 429)]
    public void Azures_short_errors_are_judged_by_their_status(int status, string body, string scope, int shown)
    {
        var fault = UpstreamError.Judge((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), Channel("https://x.openai.azure.com"), Model);
        Assert.Equal((scope, shown), (fault.Scope.ToString(), fault.Status));
    }

    [Fact]
    public void What_Azure_thinks_of_the_prompt_is_not_for_the_client_and_does_not_name_the_answer()
    {
        var reader = new ChatAnswerReader();
        var writer = new PassedChunks(reader, true);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        string[] events =
        [
            """{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}""",
            """{"id":"chatcmpl-1","created":5,"model":"gpt-4o","choices":[{"index":0,"delta":{"role":"assistant","content":"hi"},"content_filter_results":{}}],"usage":null}""",
        ];
        foreach (var data in events)
        {
            Assert.True(reader.TryReadEvent(Encoding.UTF8.GetBytes(data)));
            writer.WriteEvent(output, Encoding.UTF8.GetBytes(data), reader);
        }

        Assert.Equal($"data: {events[1]}\n\n", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal("\"chatcmpl-1\"", Encoding.UTF8.GetString(reader.Head.Id.Span));
    }

    private static (Uri Address, bool IsAzure) Of(string baseUrl, string route = UpstreamAddress.Chat) => UpstreamAddress.Of(Channel(baseUrl), Model, route);

    private static Channel Channel(string baseUrl) => new()
    {
        Id = Guid.CreateVersion7(),
        Provider = "openai",
        Name = "test",
        BaseUrl = new Uri(baseUrl),
        Credential = "secret-credential-of-ours",
        Models = [],
        Priority = 0,
        Weight = 1,
        IsActive = true,
    };
}
