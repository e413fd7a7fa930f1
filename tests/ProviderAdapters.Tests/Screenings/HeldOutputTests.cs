using System.Buffers;
using System.Text;
using Aigc2d.Contracts;
using Aigc2d.Contracts.Moderation;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Calls;
using Aigc2d.ProviderAdapters.Screenings;
using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults.Tokens;
using Microsoft.AspNetCore.Http;

namespace Aigc2d.ProviderAdapters.Tests.Screenings;

public sealed class HeldOutputTests
{
    private static readonly CallIdentity Call = new(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), "m", 1);

    private readonly HeldOutput _held = new();
    private readonly ArrayBufferWriter<byte> _client = new();
    private readonly ForwardedText _forwarded = new();

    [Fact]
    public void A_word_that_is_cut_by_frames_and_windows_is_screened_whole()
    {
        Hold(0, "for");
        _held.Release(_client, _client.WrittenCount, _forwarded);
        Hold(0, "bidden");

        Assert.Equal(["forbidden"], Texts());
    }

    [Theory]
    [InlineData(null, Strictness.Standard, null)]
    [InlineData("strict", Strictness.Strict, null)]
    [InlineData("relaxed", Strictness.Relaxed, null)]
    [InlineData("lax", Strictness.Standard, CallHeaders.Strictness)]
    [InlineData("7", Strictness.Standard, CallHeaders.Strictness)]
    public void An_answer_is_screened_as_strictly_as_the_gateway_says(string? header, Strictness strictness, string? fault)
    {
        var headers = new HeaderDictionary
        {
            [CallHeaders.RequestId] = $"{Call.RequestId}",
            [CallHeaders.AccountId] = $"{Call.AccountId}",
            [CallHeaders.KeyId] = $"{Call.KeyId}",
            [CallHeaders.Model] = "m",
            [CallHeaders.InputTokens] = "1",
        };
        if (header is not null) headers[CallHeaders.Strictness] = header;
        var call = CallIdentity.Read(headers, out var faulty);
        Hold(0, "a");

        Assert.Equal(fault, faulty);
        if (fault is null) Assert.Equal(strictness, Assert.Single(_held.Screenings(call!)).Strictness);
    }

    [Fact]
    public void Choices_are_screened_apart_and_only_those_with_something_new()
    {
        Hold(0, "a");
        Hold(1, "b");
        _held.Release(_client, _client.WrittenCount, _forwarded);
        Hold(1, "c");

        Assert.Equal(["bc"], Texts());
    }

    [Fact]
    public void What_was_shown_long_ago_is_out_of_view()
    {
        Hold(0, new string('x', 500));
        _held.Release(_client, _client.WrittenCount, _forwarded);
        Hold(0, "y");

        Assert.Equal([new string('x', 400) + "y"], Texts());
    }

    [Fact]
    public void A_long_text_is_screened_in_slices_that_cut_no_word_out_of_view()
    {
        var text = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{i:D5} "));
        Hold(0, text);

        var slices = Texts().ToArray();

        Assert.All(slices, slice => Assert.InRange(slice.Length, 1, 16_000));
        Assert.Equal(text, slices[0] + string.Concat(slices.Skip(1).Select(slice => slice[400..])));
    }

    [Fact]
    public void Screening_is_due_at_120_unscreened_characters_of_one_choice()
    {
        Hold(0, new string('x', 119));
        Hold(1, new string('x', 119));
        Assert.False(_held.IsDue);
        Hold(1, "x");
        Assert.True(_held.IsDue);
        _held.Release(_client, _client.WrittenCount, _forwarded);
        Assert.False(_held.IsDue);
    }

    [Fact]
    public void Frames_go_out_in_the_order_they_came_and_count_once()
    {
        Hold(0, "abcd");
        Hold(0, "efg");
        _held.Release(_client, _client.WrittenCount, _forwarded);
        _held.Release(_client, _client.WrittenCount, _forwarded);
        Assert.Equal(7, _forwarded.Quarters);
        Assert.Equal("<abcd><efg>", Encoding.UTF8.GetString(_client.WrittenSpan));
    }

    [Fact]
    public void What_is_refused_never_goes_out_and_is_not_counted()
    {
        Hold(0, "forbidden");
        _held.Discard().Write("<end>"u8);

        _held.Release(_client, _client.WrittenCount, _forwarded);

        Assert.Equal((0L, 0, true), (_forwarded.Quarters, _held.Tokens, _forwarded.IsEmpty));
        Assert.Equal("<end>", Encoding.UTF8.GetString(_client.WrittenSpan));
    }

    [Fact]
    public void What_one_choice_has_said_is_dropped_from_between_what_the_others_say()
    {
        Hold(0, "abcd");
        Hold(1, "forbidden");
        Hold(2, "efgh");
        Hold(1, "more");
        Hold(0, "ijkl");
        Assert.Equal([0, 1, 2], Enumerable.Range(0, _held.Screenings(Call).Count).Select(_held.ChoiceOf));

        _held.Drop(new HashSet<int> { 1 });
        _held.Release(_client, 100, _forwarded);

        Assert.Equal("<abcd><efgh><ijkl>", Encoding.UTF8.GetString(_client.WrittenSpan));
        Assert.Equal((12L, true), (_forwarded.Quarters, _held.IsEmpty));
        _forwarded.Flush(112, TokenCounter.For("openai", "gpt-4o"));
        Assert.Equal(TokenCounter.For("openai", "gpt-4o").Count("abcd") + TokenCounter.For("openai", "gpt-4o").Count("efgh"), _forwarded.Count(TokenCounter.For("openai", "gpt-4o")));
        Hold(2, "m");
        Assert.Equal(["efghm"], Texts());
    }

    private void Hold(int choice, string text)
    {
        _held.Add(new AnswerDelta(choice, DeltaKind.Text, text));
        _held.Frames.Write(Encoding.UTF8.GetBytes($"<{text}>"));
        _held.EndFrame(choice);
    }

    private IEnumerable<string> Texts() => _held.Screenings(Call).Select(screening => Assert.Single(screening.Texts));
}
