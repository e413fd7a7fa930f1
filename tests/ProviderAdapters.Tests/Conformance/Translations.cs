using Aigc2d.Contracts.Providers;
using Aigc2d.ProviderAdapters.Tests.Kit;
using Aigc2d.ProviderAdapters.Usage;

namespace Aigc2d.ProviderAdapters.Tests.Conformance;

/// <summary>Answers of every kind, as the client of OpenAI's dialect gets them, whatever dialect they came in.</summary>
public abstract class Translations(AdaptersFixture fixture, Family family)
{
    private const string Messages = """ "messages":[{"role":"user","content":"Hello, world!"}] """;

    private const string Tools = """
        "tools":[
          {"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},
          {"type":"function","function":{"name":"get_time"}}]
        """;

    private AdaptersHost Adapters => fixture.Adapters;

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tool_calls_come_with_id_name_and_whole_arguments(bool stream)
    {
        var count = family.CallsSeveralTools ? 2 : 1;
        var model = await Adapters.ModelAsync(family, $"tools={count},chunks=3");

        var answer = await Adapters.AskAsync(TestCall.With(model, stream, $"{Messages},{Tools}"));

        Assert.Equal((200, false, ""), (answer.Status, answer.IsBroken, answer.Content));
        Assert.Equal(["tool_calls"], answer.FinishReasons);
        string[] names = ["get_weather", "get_time"];
        Assert.Equal(names[..count].Select(name => ((string?)"function", (string?)name, """{"city":"Xi'an"}""")), answer.ToolCalls.Select(call => (call.Type, call.Name, call.Arguments)));
        Assert.Equal(count, answer.ToolCalls.Select(call => call.Id).Where(id => id?.Length > 0).Distinct().Count());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Words_before_a_tool_call_are_kept(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "tools,text=Let%20me%20check.");

        var answer = await Adapters.AskAsync(TestCall.With(model, stream, $"{Messages},{Tools}"));

        Assert.Equal(("Let me check.", "get_weather", """{"city":"Xi'an"}"""), (answer.Content, answer.ToolCalls.Single().Name, answer.ToolCalls.Single().Arguments));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_tool_call_without_arguments_has_an_empty_object(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "tools,toolargs=");

        var answer = await Adapters.AskAsync(TestCall.With(model, stream, $"{Messages},{Tools}"));

        Assert.Equal(family.PassesArguments ? "" : "{}", answer.ToolCalls.Single().Arguments);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Reasoning_is_told_from_the_answer_and_counted(bool stream)
    {
        if (!family.ShowsReasoning) return;
        var model = await Adapters.ModelAsync(family, "reasoning=8");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(("Hello! The sandbox is here to help.", 32), (answer.Content, answer.Reasoning.Length));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 17) { Reasoning = family.ReportsReasoning ? 8 : 0 }));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_at_its_limit_says_length(bool stream)
    {
        var model = await Adapters.ModelAsync(family);
        var call = TestCall.With(model, stream, $"{Messages},\"max_tokens\":4");

        var answer = await Adapters.AskAsync(call);

        Assert.Equal(["length"], answer.FinishReasons);
        Assert.Equal("Hello! The sandb", answer.Content);
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 4)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_is_shown_in_openais_words(bool stream)
    {
        var model = await Adapters.ModelAsync(family, family.ReportsCached ? "cached=5" : "");

        var answer = await Adapters.AskAsync(TestCall.With(model, stream, stream ? $"{Messages},\"stream_options\":{{\"include_usage\":true}}" : Messages));

        var usage = (stream ? answer.Chunks[^1] : answer.Json).GetProperty("usage");
        Assert.Equal((11, 9, 20), (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32()));
        if (family.ReportsCached) Assert.Equal(5, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        if (stream && family.MarksUsage) Assert.All(answer.Chunks[..^1], chunk => Assert.Equal(System.Text.Json.JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_was_written_to_a_cache_is_shown_and_recorded(bool stream)
    {
        if (!family.ReportsCacheWrite) return;
        var model = await Adapters.ModelAsync(family, "cached=5,cachewrite=3");
        var call = TestCall.Of(model, stream, includeUsage: stream);

        var answer = await Adapters.AskAsync(call);

        var details = (stream ? answer.Chunks[^1] : answer.Json).GetProperty("usage").GetProperty("prompt_tokens_details");
        Assert.Equal((5, 3), (details.GetProperty("cached_tokens").GetInt32(), details.GetProperty("cache_write_tokens").GetInt32()));
        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(11, 9, 5) { CacheWrite = 3 }));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_that_is_not_there_is_counted(bool stream)
    {
        var model = await Adapters.ModelAsync(family, "usage=none");
        var call = TestCall.Of(model, stream);

        var answer = await Adapters.AskAsync(call);

        await fixture.AssertRecordedAsync(call.Row(model, EndCause.Completed, new TokenCounts(family.CountPrompt(call), family.Count(answer.Content), 0, Estimated: true)));
    }

    [Fact]
    public async Task Every_chunk_names_the_answer_and_the_first_says_who_speaks()
    {
        var model = await Adapters.ModelAsync(family, "chunks=7");

        var answer = await Adapters.AskAsync(TestCall.Of(model, stream: true));

        var heads = answer.Chunks.Select(chunk => (chunk.GetProperty("id").GetString(), chunk.GetProperty("object").GetString(), chunk.GetProperty("created").GetInt64(), chunk.GetProperty("model").GetString()));
        var (id, kind, created, name) = Assert.Single(heads.Distinct());
        Assert.StartsWith(family.AnswerIdPrefix, id, StringComparison.Ordinal);
        Assert.Equal(("chat.completion.chunk", family.PassesArguments ? model.Base : model.Name), (kind, name));
        Assert.InRange(created, 1_700_000_000, 4_000_000_000);
        Assert.Equal("assistant", answer.Chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
    }
}
