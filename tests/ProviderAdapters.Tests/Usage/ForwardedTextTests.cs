using Aigc2d.ProviderAdapters.Usage;
using Aigc2d.ServiceDefaults.Tokens;

namespace Aigc2d.ProviderAdapters.Tests.Usage;

public sealed class ForwardedTextTests
{
    private static readonly TokenCounter Counter = TokenCounter.For("openai", "gpt-4o");

    private readonly ForwardedText _text = new();

    [Fact]
    public void What_is_written_but_not_flushed_is_not_forwarded()
    {
        _text.Write(0, "hello", 10);
        _text.Flush(10, Counter);
        _text.Write(0, " world", 20);

        Assert.Equal(1, _text.Count(Counter));
        _text.Flush(20, Counter);
        Assert.Equal(2, _text.Count(Counter));
    }

    [Fact]
    public void Of_what_was_passed_on_only_whole_frames_count()
    {
        _text.Write(0, "hello", 10);
        _text.Write(0, " world", 20);
        _text.Write(0, " again", 30);
        _text.Flush(30, Counter);

        Assert.Equal(2, _text.Count(Counter, sentBytes: 29));
    }

    [Fact]
    public void Nobody_is_passed_more_than_was_flushed()
    {
        _text.Write(0, "hello", 10);
        _text.Flush(10, Counter);
        _text.Write(0, " world", 20);

        Assert.Equal(1, _text.Count(Counter, sentBytes: 1_000));
    }

    [Fact]
    public void Choices_are_counted_each_for_itself()
    {
        _text.Write(0, "hel", 10);
        _text.Write(1, "lo", 20);
        _text.Flush(20, Counter);

        Assert.Equal(Counter.Count("hel") + Counter.Count("lo"), _text.Count(Counter));
    }

    [Fact]
    public void A_long_answer_is_kept_whole_only_as_far_as_it_may_be_under_way()
    {
        const int pieces = ForwardedText.MostUnderWay + 1_000;
        for (var i = 0; i < pieces; i++)
        {
            _text.Write(0, " word", i + 1);
            _text.Flush(i + 1, Counter);
        }

        Assert.Equal(1_000, _text.Count(Counter, sentBytes: 0));
        Assert.Equal(pieces, _text.Count(Counter));
    }
}
