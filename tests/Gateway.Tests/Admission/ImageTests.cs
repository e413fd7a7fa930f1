using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.Gateway.Tests.Stands;
using Aigc2d.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Aigc2d.Gateway.Tests.Admission;

/// <summary>Images of a prompt on their way to a provider's moderation.</summary>
public sealed class ImageTests
{
    private const string Photo = "data:image/png;base64,AAAA";
    private static readonly Verdict Blocked = new() { Action = VerdictAction.Block, Category = "sexual", Rules = ["provider.image.sexual"] };

    [Theory]
    [InlineData(ImageCheck.Wanted, "allows", 200, null)]
    [InlineData(ImageCheck.Wanted, "reviews", 200, null)]
    [InlineData(ImageCheck.Wanted, "blocks", 400, "content_policy_violation")]
    [InlineData(ImageCheck.Wanted, "cannot look", 200, null)]
    [InlineData(ImageCheck.Wanted, "has no word", 200, null)]
    [InlineData(ImageCheck.Wanted, "is silent", 200, null)]
    [InlineData(ImageCheck.Required, "allows", 200, null)]
    [InlineData(ImageCheck.Required, "reviews", 200, null)]
    [InlineData(ImageCheck.Required, "blocks", 400, "content_policy_violation")]
    [InlineData(ImageCheck.Required, "cannot look", 400, "invalid_value")]
    [InlineData(ImageCheck.Required, "has no word", 503, "service_unavailable")]
    [InlineData(ImageCheck.Required, "is silent", 503, "service_unavailable")]
    [InlineData(ImageCheck.None, "blocks", 200, null)]
    public async Task A_prompt_with_an_image_is_admitted_by_what_is_said_of_it(ImageCheck check, string said, int status, string? code)
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, check, said);

        using var answer = await edge.ChatAsync(edge.Customer(), Chat(Photo));

        Assert.Equal(status, (int)answer.StatusCode);
        if (code is not null) Assert.Equal(code, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(status == 200 ? 1 : 0, edge.Siblings.Adapters.Calls.Count);
        if (status != 200) await Eventually.Equal(1, () => Task.FromResult(edge.Siblings.Billing.Releases.Count));
        Assert.Equal(check == ImageCheck.None ? [] : [Photo], edge.Siblings.Moderation.Images);
    }

    [Fact]
    public async Task Each_image_is_asked_about_once_with_the_name_of_its_prompt_and_the_newest_first()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, ImageCheck.Required, "allows");
        var customer = edge.Customer(principal => principal with { Plan = principal.Plan with { Strictness = Strictness.Strict } });

        using var answer = await edge.ChatAsync(customer, Chat([Photo, "https://example.com/b.png"], "you & me"));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal([Photo, "https://example.com/b.png"], edge.Siblings.Moderation.Images.Order());
        Assert.Equal(2, Assert.Single(edge.Siblings.Moderation.Screenings).Images);
        var asked = edge.Siblings.Moderation.Requests.Where(asked => asked.Target == "/internal/screenings/image").ToArray();
        Assert.All(asked, question => Assert.Equal(
            (answer.Header("x-request-id"), customer.Principal.AccountId.ToString(), "strict", "you%20%26%20me", "application/json"),
            (question.Headers[CallHeaders.RequestId], question.Headers[CallHeaders.AccountId], question.Headers[CallHeaders.Strictness], question.Headers[CallHeaders.EndUser], question.Headers["Content-Type"])));
    }

    [Fact]
    public async Task A_forbidden_image_among_many_is_enough_and_few_are_under_way_at_once()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, ImageCheck.Wanted, "blocks the 3rd");
        var gate = new TaskCompletionSource();
        edge.Siblings.Moderation.ImageGate = gate.Task;

        var asking = edge.ChatAsync(edge.Customer(), Chat([.. Enumerable.Range(0, 40).Select(i => $"https://example.com/{i}.png")]));
        await Eventually.True(() => edge.Siblings.Moderation.Images.Count == 4);
        gate.SetResult();
        using var answer = await asking;

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal(4, edge.Siblings.Moderation.MostAtOnce);
        Assert.Contains("https://example.com/39.png", edge.Siblings.Moderation.Images.Take(4));
    }

    [Fact]
    public async Task What_is_forbidden_in_an_image_is_told_also_when_there_is_no_word_on_the_texts()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, ImageCheck.Required, "blocks");
        edge.Siblings.Moderation.Judge = _ => ModerationStandIn.Allow with { AskProvider = true, Images = ImageCheck.Required };
        edge.Siblings.Moderation.JudgeWithProvider = _ => null;

        using var answer = await edge.ChatAsync(edge.Customer(), Chat(Photo));

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task An_image_of_a_message_is_looked_at_and_refused_in_the_words_of_its_route()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, ImageCheck.Required, "blocks");
        const string body = """{"model":"gpt-4o-mini","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}""";

        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/messages", edge.Customer().Key, Edge.Json(body));

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("error", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString());
        Assert.Equal([Photo], edge.Siblings.Moderation.Images);
    }

    [Fact]
    public async Task An_image_that_only_the_provider_of_the_chat_has_is_refused_where_each_must_be_looked_at()
    {
        await using var edge = await Edge.StartAsync();
        Script(edge, ImageCheck.Required, "allows");
        const string body = """{"model":"gpt-4o-mini","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"file_1"}}]}]}""";

        using var answer = await edge.SendAsync(HttpMethod.Post, "/v1/messages", edge.Customer().Key, Edge.Json(body));

        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Empty(edge.Siblings.Moderation.Images);
        Assert.Empty(edge.Siblings.Adapters.Calls);
    }

    [Fact]
    public async Task Images_are_counted_by_what_came_of_them()
    {
        await using var edge = await Edge.StartAsync();
        edge.Siblings.Moderation.Judge = _ => ModerationStandIn.Allow with { Images = ImageCheck.Wanted };
        edge.Siblings.Moderation.Look = address => address[^1] switch
        {
            '2' => (422, null),
            '3' => (503, null),
            _ => (200, ModerationStandIn.Allow with { Remembered = address[^1] != '1' }),
        };
        var counted = new ConcurrentBag<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "aigc2d.gateway.images" && instrument.Meter.Scope == edge.Services.GetRequiredService<IMeterFactory>()) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => counted.Add(tags[0].Value));
        listener.Start();

        using var answer = await edge.ChatAsync(edge.Customer(), Chat([.. Enumerable.Range(1, 5).Select(i => $"https://example.com/{i}")]));

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(["no_word", "remembered", "remembered", "unreadable", "verdict"], counted.Order());
    }

    private static string Chat(params string[] addresses) => Chat(addresses, null);

    private static string Chat(string[] addresses, string? user) => JsonSerializer.Serialize(new
    {
        model = "gpt-4o-mini",
        user,
        messages = new[] { new { role = "user", content = addresses.Select(url => new { type = "image_url", image_url = new { url } }) } },
    });

    private static void Script(Edge edge, ImageCheck check, string said)
    {
        var moderation = edge.Siblings.Moderation;
        moderation.Judge = _ => ModerationStandIn.Allow with { Images = check };
        moderation.Look = address => said switch
        {
            "blocks" => (200, Blocked),
            "blocks the 3rd" => (200, address.EndsWith("/37.png", StringComparison.Ordinal) ? Blocked : ModerationStandIn.Allow),
            "reviews" => (200, new Verdict { Action = VerdictAction.Review, Category = "violence" }),
            "cannot look" => (422, null),
            "has no word" => (503, null),
            _ => (200, ModerationStandIn.Allow),
        };
        if (said == "is silent") moderation.ImageGate = new TaskCompletionSource().Task;
    }
}
