using System.Net;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.OpenAi;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Tests.OpenAi;

public sealed class UpstreamErrorTests
{
    private static readonly Channel Upstream = new()
    {
        Id = Guid.CreateVersion7(),
        Provider = "openai",
        Name = "test",
        BaseUrl = new Uri("https://api.upstream.example:8443/v1"),
        Credential = "secret-credential-of-ours",
        Models = [],
        Priority = 0,
        Weight = 1,
        IsActive = true,
    };

    private static readonly ChannelModel Model = new("gpt-4o", "deployment-77");

    [Theory]
    [InlineData("This model's maximum context length is 8192 tokens.", "This model's maximum context length is 8192 tokens.")]
    [InlineData("The model deployment-77 has no audio.", "The model gpt-4o has no audio.")]
    [InlineData("Incorrect key secret-credential-of-ours, see https://api.upstream.example:8443/account.", "Incorrect key ***, see ***")]
    [InlineData("Key sk-proj-Abc123xyz of org-AbC123 and proj_12345 at api.upstream.example", "Key *** of *** and *** at ***")]
    [InlineData("Write to help@upstream.example or 10.1.2.3:8443", "Write to *** or ***")]
    [InlineData("key-value pairs are wrong in user-agent", "key-value pairs are wrong in user-agent")]
    [InlineData("line\r\nbreak\u0000\u202E", "line break")]
    public void The_providers_words_lose_what_is_ours_alone(string said, string shown)
    {
        var (_, failure, status, error) = Judge(400, said, "invalid_request_error", "messages[0].content", "some_code");
        Assert.Equal((CallFailure.InvalidRequest, 400), (failure, status));
        Assert.Equal(new ClientError(shown, "invalid_request_error", "messages[0].content", "some_code"), error);
    }

    [Theory]
    [InlineData(401, "invalid_api_key", CallFailure.ProviderError, 502)]
    [InlineData(402, null, CallFailure.ProviderError, 502)]
    [InlineData(403, "unsupported_country_region_territory", CallFailure.ProviderError, 502)]
    [InlineData(404, "model_not_found", CallFailure.ProviderError, 502)]
    [InlineData(429, "insufficient_quota", CallFailure.ProviderError, 502)]
    [InlineData(400, "billing_hard_limit_reached", CallFailure.ProviderError, 502)]
    [InlineData(429, "rate_limit_exceeded", CallFailure.RateLimited, 429)]
    [InlineData(413, null, CallFailure.InvalidRequest, 413)]
    [InlineData(422, null, CallFailure.InvalidRequest, 422)]
    [InlineData(500, null, CallFailure.ProviderError, 502)]
    [InlineData(503, "server_is_overloaded", CallFailure.ProviderError, 502)]
    [InlineData(302, null, CallFailure.ProviderError, 502)]
    public void Blame_goes_to_the_party_at_fault(int status, string? code, CallFailure failure, int shown)
    {
        var judged = Judge(status, "words", "a_type", null, code);
        Assert.Equal((failure, shown), (judged.Failure, judged.Status));
        if (failure != CallFailure.InvalidRequest) Assert.Equal(ClientError.Of(failure, "gpt-4o"), judged.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>secret-credential-of-ours</html>")]
    [InlineData("""{"detail":"secret-credential-of-ours"}""")]
    [InlineData("""{"error":7}""")]
    public void An_error_in_another_dialect_is_told_in_our_own_words(string body)
    {
        var (_, failure, status, error) = UpstreamError.Judge(HttpStatusCode.BadRequest, Encoding.UTF8.GetBytes(body), Upstream, Model);
        Assert.Equal((CallFailure.InvalidRequest, 400, ClientError.Of(CallFailure.InvalidRequest, "gpt-4o")), (failure, status, error));
    }

    private static ProviderFault Judge(int status, string message, string type, string? param, string? code) =>
        UpstreamError.Judge((HttpStatusCode)status, JsonSerializer.SerializeToUtf8Bytes(new { error = new { message, type, param, code } }), Upstream, Model);
}
