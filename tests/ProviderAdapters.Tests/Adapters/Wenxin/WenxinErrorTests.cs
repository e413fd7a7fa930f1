using System.Net;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ProviderAdapters.Clients;

namespace Aigc2d.ProviderAdapters.Tests.Wenxin;

public sealed class WenxinErrorTests
{
    private const string Credential = "apikey24characterslong00:secretkey32characterslong0000000";

    private static readonly Channel Upstream = new()
    {
        Id = Guid.CreateVersion7(),
        Provider = "wenxin",
        Name = "test",
        BaseUrl = new Uri("https://aip.baidubce.example"),
        Credential = Credential,
        Models = [],
        Priority = 0,
        Weight = 1,
        IsActive = true,
    };

    private static readonly ChannelModel Model = new("ernie-bot-4", "completions_pro");

    [Theory]
    [InlineData(1, nameof(FaultScope.Attempt), CallFailure.ProviderError, 502)]
    [InlineData(2, nameof(FaultScope.Attempt), CallFailure.NoChannel, 503)]
    [InlineData(3, nameof(FaultScope.Model), CallFailure.ProviderError, 502)]
    [InlineData(4, nameof(FaultScope.Limit), CallFailure.RateLimited, 429)]
    [InlineData(6, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(13, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(14, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(15, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(17, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(18, nameof(FaultScope.Limit), CallFailure.RateLimited, 429)]
    [InlineData(19, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(100, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(110, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(111, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(336000, nameof(FaultScope.Attempt), CallFailure.ProviderError, 502)]
    [InlineData(336004, nameof(FaultScope.Account), CallFailure.ProviderError, 502)]
    [InlineData(336005, nameof(FaultScope.Model), CallFailure.ModelNotFound, 404)]
    [InlineData(336100, nameof(FaultScope.Attempt), CallFailure.NoChannel, 503)]
    [InlineData(336101, nameof(FaultScope.Model), CallFailure.ProviderError, 502)]
    [InlineData(336102, nameof(FaultScope.Attempt), CallFailure.ProviderError, 502)]
    [InlineData(336200, nameof(FaultScope.Attempt), CallFailure.ProviderError, 502)]
    [InlineData(336501, nameof(FaultScope.Limit), CallFailure.RateLimited, 429)]
    [InlineData(336502, nameof(FaultScope.Limit), CallFailure.RateLimited, 429)]
    [InlineData(500000, nameof(FaultScope.Attempt), CallFailure.ProviderError, 502)]
    [InlineData(987654, nameof(FaultScope.Attempt), CallFailure.ProviderError, 502)]
    public void What_is_ours_or_the_providers_fault_is_told_in_our_words(int code, string scope, CallFailure failure, int status)
    {
        var fault = Judge(Body(code, "No permission for app 12345678"));
        Assert.Equal(new ProviderFault(Enum.Parse<FaultScope>(scope), failure, status, ClientError.Of(failure, "ernie-bot-4")), fault with { RestFor = null });
        Assert.Equal(code == 17, fault.RestFor is not null);
    }

    [Theory]
    [InlineData(336001, null, "invalid_value")]
    [InlineData(336002, null, "invalid_value")]
    [InlineData(336003, null, "invalid_value")]
    [InlineData(336006, null, "invalid_value")]
    [InlineData(336008, null, "invalid_value")]
    [InlineData(336105, null, "invalid_value")]
    [InlineData(336303, null, "invalid_value")]
    [InlineData(337006, null, "invalid_value")]
    [InlineData(336007, "messages", "context_length_exceeded")]
    [InlineData(336103, "messages", "context_length_exceeded")]
    [InlineData(336104, "messages", "content_policy_violation")]
    public void What_is_the_callers_fault_is_told_in_the_providers_words(int code, string? param, string ours) => Assert.Equal(
        new ProviderFault(FaultScope.Call, CallFailure.InvalidRequest, 400, new ClientError("messages too long for ernie-bot-4", "invalid_request_error", param, ours)),
        Judge(Body(code, "messages too long for completions_pro")));

    [Theory]
    [InlineData("2026-03-01T15:59:59Z", "00:00:01")]
    [InlineData("2026-03-01T16:00:00Z", "1.00:00:00")]
    [InlineData("2026-03-01T04:30:00Z", "11:30:00")]
    public void A_channel_at_its_daily_limit_rests_until_the_day_is_over_in_Beijing(string now, string rest) => Assert.Equal(
        TimeSpan.Parse(rest, null), WenxinError.Judge(HttpStatusCode.OK, Body(17, "Open api daily request limit reached"), Upstream, Model, DateTimeOffset.Parse(now, null)).RestFor);

    [Theory]
    [InlineData(401, """{"error":"invalid_client","error_description":"unknown client id"}""", nameof(FaultScope.Account))]
    [InlineData(400, """{"error":"invalid_request","error_description":"x"}""", nameof(FaultScope.Account))]
    [InlineData(403, "<html>", nameof(FaultScope.Account))]
    [InlineData(404, "", nameof(FaultScope.Model))]
    [InlineData(429, "", nameof(FaultScope.Limit))]
    [InlineData(500, "{}", nameof(FaultScope.Attempt))]
    [InlineData(400, "{}", nameof(FaultScope.Call))]
    [InlineData(200, "garbage", nameof(FaultScope.Attempt))]
    public void Without_a_code_the_status_decides(int status, string body, string scope) =>
        Assert.Equal(scope, WenxinError.Judge((HttpStatusCode)status, Encoding.UTF8.GetBytes(body), Upstream, Model, default).Scope.ToString());

    [Fact]
    public void Keys_and_tokens_are_taken_out_of_the_providers_words()
    {
        var words = "apikey24characterslong00 secretkey32characterslong0000000 24.0f1e22aa.2592000.1769817600.282335-1 https://aip.baidubce.example/x?access_token=abc access_token=xyz&b app 12345678 appid: 98765 aip.baidubce.example";
        Assert.Equal("*** *** *** *** access_token=***&b app *** appid: *** ***", Judge(Body(336003, words)).Error.Message);
        Assert.Equal("336003: *** *** *** *** access_token=***&b app *** appid: *** ***", WenxinError.Describe(Body(336003, words), Upstream, Model));
        Assert.Equal("access token refused: invalid_client ***", WenxinError.Describe("""{"error":"invalid_client","error_description":"apikey24characterslong00"}"""u8, Upstream, Model));
        Assert.Equal("the answer is not Wenxin's error object", WenxinError.Describe("x"u8, Upstream, Model));
    }

    [Theory]
    [InlineData("""{"error_code":110,"error_msg":"Access token invalid or no longer valid"}""", true)]
    [InlineData("""{"error_code":111}""", true)]
    [InlineData("""{"error_code":100}""", true)]
    [InlineData("""{"error_code":13}""", true)]
    [InlineData("""{"error_code":17}""", false)]
    [InlineData("""{"result":"error_code 110"}""", false)]
    [InlineData("", false)]
    public void A_stale_token_is_told_from_other_errors(string body, bool isStale) => Assert.Equal(isStale, WenxinError.IsStaleToken(Encoding.UTF8.GetBytes(body)));

    private static ProviderFault Judge(byte[] body) => WenxinError.Judge(HttpStatusCode.OK, body, Upstream, Model, default);

    private static byte[] Body(int code, string message) => JsonSerializer.SerializeToUtf8Bytes(new { error_code = code, error_msg = message, id = "as-1" });
}
