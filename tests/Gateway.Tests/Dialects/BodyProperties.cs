using Aigc2d.Gateway.Dialects.OpenAi;
using Aigc2d.Gateway.Tests.Stands;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.Gateway.Tests.Dialects;

public sealed class BodyProperties
{
    [Fact]
    public void Every_body_is_either_read_or_refused_and_what_is_read_is_strict_json() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(Arb.From(BodyFuzz.Bodies), body =>
        {
            var isRead = new ChatBody().TryRead(body, out var request, out var refusal);
            if (!isRead) return request is null && refusal!.Message.Length > 0;

            return refusal is null
                && BodyFuzz.IsStrictJson(body)
                && request!.InputTokens >= 3
                && request.MaxOutputTokens is null or > 0
                && (long)(request.MaxOutputTokens ?? 0) * request.Choices <= int.MaxValue;
        }));

    [Fact]
    public async Task No_body_makes_the_gateway_fail()
    {
        await using var edge = await Edge.StartAsync();
        var customer = edge.Customer();
        foreach (var body in Gen.Sample(BodyFuzz.Bodies, 500, 50))
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/chat/completions", customer.Key, content);
            Assert.True((int)answer.StatusCode is 200 or 400, $"{answer.StatusCode} for {Convert.ToBase64String(body)}");
        }
    }
}
